using System.Management.Automation;
using System.Reflection;
using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>Every parameter of every cmdlet completes its values, or is known not to.</summary>
public sealed class CompletionCoverageTests : IClassFixture<Session>
{
    /// <summary>Parameters that complete nothing, and why; with a cmdlet before it, of that one alone.</summary>
    private static readonly Dictionary<string, string> Deliberate = new(StringComparer.Ordinal)
    {
        ["InputObject"] = "objects",
        ["Credential"] = "objects",
        ["Path"] = "PowerShell completes paths of files",
        ["LiteralPath"] = "PowerShell completes paths of files",
        ["ChartPath"] = "PowerShell completes paths of files",
        ["DestinationPath"] = "PowerShell completes paths of files",
        ["CertificateAuthority"] = "PowerShell completes paths of files",
        ["Copy-ContainerFile Destination"] = "PowerShell completes paths of files",
        ["New-Container Name"] = "a new name",
        ["New-ContainerVolume Name"] = "a new name",
        ["NewName"] = "a new name",
        ["Author"] = "free text",
        ["Message"] = "free text",
        ["Text"] = "free text",
        ["ExpectedDigest"] = "only what is imported has it",
        ["KeepSize"] = "a number",
        ["Size"] = "a number",
        ["Last"] = "a number",
        ["ThrottleLimit"] = "a number",
        ["Iteration"] = "a number",
        ["LayerCount"] = "a number",
        ["FileCount"] = "a number",
        ["FileSize"] = "a number",
        ["BigFileSize"] = "a number",
        ["ContainerCount"] = "a number",
    };

    [Fact]
    public void Every_parameter_is_completed_or_deliberately_not()
    {
        var parameters = Cmdlets.All.SelectMany(cmdlet => cmdlet.Parameters.Select(parameter => (Cmdlet: cmdlet.Name, Parameter: parameter))).ToArray();
        var open = parameters.Where(item => !IsCompleted(item.Parameter)).ToArray();

        Assert.Empty(open.Where(item => !Deliberate.ContainsKey(item.Parameter.Name) && !Deliberate.ContainsKey($"{item.Cmdlet} {item.Parameter.Name}")).Select(item => $"{item.Cmdlet} -{item.Parameter.Name}"));
        // An entry that no parameter needs any more goes.
        Assert.All(Deliberate.Keys, name => Assert.Contains(open, item => name == item.Parameter.Name || name == $"{item.Cmdlet} {item.Parameter.Name}"));
    }

    private static bool IsCompleted(PropertyInfo parameter)
    {
        var type = parameter.PropertyType;
        type = Nullable.GetUnderlyingType(type) ?? (type.IsArray ? type.GetElementType()! : type);
        return type.IsEnum || type == typeof(SwitchParameter) || type == typeof(bool)
            || parameter.GetCustomAttributes().Any(attribute => attribute is ArgumentCompleterAttribute or ValidateSetAttribute or ArgumentCompletionsAttribute);
    }
}
