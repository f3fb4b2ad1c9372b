using System.Management.Automation;
using System.Reflection;
using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>The rules that PSScriptAnalyzer has for scripts, for compiled cmdlets.</summary>
public sealed class CmdletLintTests : IClassFixture<Session>
{
    private static readonly string[] StateChangers =
    [
        VerbsCommon.New, VerbsCommon.Remove, VerbsCommon.Set, VerbsCommon.Add, VerbsCommon.Clear, VerbsCommon.Rename, VerbsCommon.Reset, VerbsCommon.Copy, VerbsData.Import, VerbsData.Export,
        VerbsData.Initialize, VerbsData.Mount, VerbsData.Dismount, VerbsData.ConvertTo, VerbsDiagnostic.Repair, VerbsCommon.Optimize, VerbsLifecycle.Request, VerbsLifecycle.Submit, VerbsData.Update, VerbsDiagnostic.Measure,
    ];

    private static readonly string[] DataLosers = ["Remove-Container", "Remove-ContainerImage"];

    private readonly Session _session;

    public CmdletLintTests(Session session) => _session = session;

    public static TheoryData<string> CmdletNames() => [.. Cmdlets.All.Select(cmdlet => cmdlet.Name)];

    [Theory]
    [MemberData(nameof(CmdletNames))]
    public void Verb_is_approved_and_noun_is_singular(string name)
    {
        var cmdlet = Find(name);
        var approved = typeof(VerbsCommon).Assembly.GetExportedTypes()
            .Where(type => type.Name.StartsWith("Verbs", StringComparison.Ordinal) && type.IsAbstract && type.IsSealed)
            .SelectMany(type => type.GetFields().Select(field => field.GetValue(null) as string));
        Assert.Contains(cmdlet.Attribute.VerbName, approved);
        Assert.False(cmdlet.Attribute.NounName.EndsWith('s'), $"{cmdlet.Attribute.NounName} is a plural");
        Assert.Equal($"{cmdlet.Attribute.VerbName}{cmdlet.Attribute.NounName}Command", cmdlet.Type.Name);
    }

    [Theory]
    [MemberData(nameof(CmdletNames))]
    public void State_changers_and_only_they_support_ShouldProcess(string name)
    {
        var cmdlet = Find(name);
        Assert.Equal(StateChangers.Contains(cmdlet.Attribute.VerbName), cmdlet.Attribute.SupportsShouldProcess);
        if (cmdlet.Attribute.SupportsShouldProcess)
            Assert.Equal(DataLosers.Contains(name) ? ConfirmImpact.High : ConfirmImpact.Medium, cmdlet.Attribute.ConfirmImpact);
    }

    [Theory]
    [MemberData(nameof(CmdletNames))]
    public void Output_type_is_declared(string name)
    {
        var types = Find(name).Type.GetCustomAttributes<OutputTypeAttribute>().SelectMany(attribute => attribute.Type).ToArray();
        Assert.NotEmpty(types);
        // -Quiet answers with a truth.
        Assert.All(types, type => Assert.True(type.Name.StartsWith("LayerStore.", StringComparison.Ordinal) || (name.StartsWith("Test-", StringComparison.Ordinal) && type.Type == typeof(bool))
            || (name.StartsWith("Export-", StringComparison.Ordinal) && type.Type == typeof(FileInfo)), type.Name));
    }

    [Theory]
    [MemberData(nameof(CmdletNames))]
    public void Parameters_follow_the_conventions(string name)
    {
        var cmdlet = Find(name);
        Assert.Equal(cmdlet.Parameters.Select(parameter => parameter.Name).Order(), cmdlet.Parameters.Select(parameter => parameter.Name).Distinct().Order());
        foreach (var parameter in cmdlet.Parameters)
        {
            var attributes = parameter.GetCustomAttributes<ParameterAttribute>(inherit: false).ToArray();
            Assert.True(char.IsAsciiLetterUpper(parameter.Name[0]), parameter.Name);
            if (parameter.PropertyType == typeof(SwitchParameter))
                Assert.All(attributes, attribute => Assert.True(attribute.Position < 0, $"-{parameter.Name} is a positional switch"));
            if (parameter.PropertyType == typeof(string) || parameter.PropertyType == typeof(string[]))
                Assert.True(
                    parameter.GetCustomAttributes(inherit: false).Any(attribute => attribute is ValidateArgumentsAttribute or AllowEmptyStringAttribute),
                    $"-{parameter.Name} takes empty strings");
            Assert.DoesNotContain(parameter.Name, (string[])["Verbose", "Debug", "WhatIf", "Confirm", "ErrorAction", "OutVariable"]);
        }
        // Configurations belong to users and machines, not to a store.
        if (cmdlet.Attribute.NounName != "StorageConfiguration")
            Assert.Contains(cmdlet.Parameters, parameter => parameter.Name == "Root" && parameter.GetCustomAttribute<AliasAttribute>()!.AliasNames.Contains("StorePath"));
    }

    [Theory]
    [MemberData(nameof(CmdletNames))]
    public void Every_parameter_set_can_be_told_from_the_others(string name)
    {
        var command = (CmdletInfo)_session.Run("Get-Command $args[0]", name).Single().BaseObject;
        Assert.Single(command.ParameterSets, set => set.IsDefault || command.ParameterSets.Count == 1);
        var signatures = command.ParameterSets.Select(set => string.Join(",", set.Parameters.Where(parameter => parameter.IsMandatory).Select(parameter => parameter.Name).Order())).ToArray();
        Assert.Equal(signatures, signatures.Distinct());
    }

    [Fact]
    public void No_builtin_command_is_shadowed()
    {
        // Out-Default's own table of the engine's cmdlets.
        var builtin = _session.Run("Get-Command -CommandType Cmdlet | Where-Object ModuleName -ne LayerStore | ForEach-Object Name").Select(item => item.ToString());
        Assert.Empty(builtin.Intersect(Cmdlets.All.Select(cmdlet => cmdlet.Name), StringComparer.OrdinalIgnoreCase));
    }

    private static Cmdlets.CmdletType Find(string name) => Cmdlets.All.Single(cmdlet => cmdlet.Name == name);
}
