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

    private static readonly string[] DataLosers = ["Clear-UnusedStorage", "Remove-Container", "Remove-ContainerImage", "Remove-ContainerLayer", "Remove-ContainerVolume"];

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

    [Fact]
    public void What_cmdlets_emit_can_be_named_in_scripts()
    {
        var types = Cmdlets.All.SelectMany(cmdlet => cmdlet.Type.GetCustomAttributes<OutputTypeAttribute>()).SelectMany(attribute => attribute.Type).Select(type => type.Name).Distinct();
        Assert.Equal("", string.Join(", ", types.Where(type => _session.Try($"[{type}]").Output.Count == 0)));
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
        }
        // Neither a name nor an alias may hide a common parameter or its short form, or stand twice.
        var names = cmdlet.Parameters.SelectMany(parameter => parameter.GetCustomAttributes<AliasAttribute>(inherit: false).SelectMany(alias => alias.AliasNames).Append(parameter.Name)).ToArray();
        Assert.Empty(names.Intersect(Reserved(), StringComparer.OrdinalIgnoreCase));
        Assert.Equal(names.Distinct(StringComparer.OrdinalIgnoreCase), names);
        // Configurations belong to users and machines, not to a store.
        if (cmdlet.Attribute.NounName != "StorageConfiguration")
            Assert.Contains(cmdlet.Parameters, parameter => parameter.Name == "Root" && parameter.GetCustomAttribute<AliasAttribute>()!.AliasNames.Contains("StorePath"));
    }

    [Theory]
    [MemberData(nameof(CmdletNames))]
    public void Every_parameter_set_can_be_told_from_each_other(string name)
    {
        var command = (CmdletInfo)_session.Run("Get-Command $args[0]", name).Single().BaseObject;
        var sets = command.ParameterSets.ToArray();
        // With several sets the default one is stated.
        Assert.Equal(sets.Length > 1, Find(name).Attribute.DefaultParameterSetName is { Length: > 0 });
        Assert.Single(sets, set => set.IsDefault || sets.Length == 1);
        foreach (var one in sets)
        {
            var positions = one.Parameters.Where(parameter => parameter.Position >= 0).Select(parameter => parameter.Position).ToArray();
            Assert.Equal(positions.Distinct(), positions);
            foreach (var other in sets.Where(other => other != one && !other.IsDefault))
            {
                // Whatever else is given: a mandatory parameter of the other set that this one does not have decides.
                var own = one.Parameters.Select(parameter => parameter.Name);
                Assert.Contains(other.Parameters, parameter => parameter.IsMandatory && !own.Contains(parameter.Name));
            }
        }
    }

    [Theory]
    [MemberData(nameof(CmdletNames))]
    public void Aliases_are_docker_s_words_for_it(string name)
    {
        string[] words = ["Benchmark", "Commit", "Load", "Prune", "Pull", "Push", "Save", "Tag"];
        foreach (var alias in Find(name).Aliases)
            Assert.Contains(alias.Split('-')[0], words);
    }

    [Fact]
    public void Wildcards_that_match_nothing_are_no_error_and_names_are()
    {
        using var store = StoreSession.With("Import-ContainerImage $args[0] | New-Container -Name c1", SavedImage.Small);
        var tried = 0;
        foreach (var cmdlet in Cmdlets.All.Where(cmdlet => cmdlet.Attribute.VerbName is "Get" or "Remove" or "Dismount" && cmdlet.Parameters.Any(TakesWildcardNames)))
        {
            Assert.Empty(store.Session.Try($"{cmdlet.Name} 'nothing-like-*'").Errors);
            Assert.Single(store.Session.Try($"{cmdlet.Name} 'nothing-like-this'").Errors);
            tried++;
        }
        Assert.True(tried > 5, $"Only {tried} cmdlets were tried.");
    }

    [Fact]
    public void No_builtin_command_is_shadowed()
    {
        // Out-Default's own table of the engine's cmdlets.
        var builtin = _session.Run("Get-Command -CommandType Cmdlet | Where-Object ModuleName -ne LayerStore | ForEach-Object Name").Select(item => item.ToString());
        Assert.Empty(builtin.Intersect(Cmdlets.All.Select(cmdlet => cmdlet.Name), StringComparer.OrdinalIgnoreCase));
    }

    private static bool TakesWildcardNames(PropertyInfo parameter) => parameter.Name == "Name" && parameter.IsDefined(typeof(SupportsWildcardsAttribute));

    /// <summary>The common parameters and those of ShouldProcess, of transactions and of paging, with their short forms.</summary>
    private static IEnumerable<string> Reserved() =>
        Cmdlet.CommonParameters.Concat(Cmdlet.OptionalCommonParameters).Concat(["vb", "db", "ea", "wa", "infa", "proga", "ev", "wv", "iv", "ov", "ob", "pv", "wi", "cf"]);

    private static Cmdlets.CmdletType Find(string name) => Cmdlets.All.Single(cmdlet => cmdlet.Name == name);
}
