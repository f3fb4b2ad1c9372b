using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Xml.Linq;
using LayerStore.Help.Code;
using LayerStore.Help.Maml;
using LayerStore.Help.Pages;
using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>Help is complete, and true of the cmdlets as they are.</summary>
public sealed class HelpTests : IClassFixture<Session>
{
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    private static readonly Lazy<Dictionary<string, XElement>> Commands = new(() =>
        XDocument.Load(Path.Combine(Session.ModulePath, "en-US", PageWriter.HelpFile)).Root!
            .Elements(Command + "command")
            .ToDictionary(command => command.Element(Command + "details")!.Element(Command + "name")!.Value));

    private static readonly string Pages = Path.Combine(Session.RepositoryPath, "docs", "en-US");

    private readonly Session _session;

    public HelpTests(Session session) => _session = session;

    public static TheoryData<string> CmdletNames() => [.. Cmdlets.All.Select(cmdlet => cmdlet.Name)];

    [Fact]
    public void Every_cmdlet_and_nothing_else_has_help() =>
        Assert.Equal(Cmdlets.All.Select(cmdlet => cmdlet.Name), Commands.Value.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(CmdletNames))]
    public void PowerShell_finds_the_help(string name)
    {
        var help = _session.Run("Get-Help $args[0] -Full", name).Single();

        Assert.Contains("MamlCommandHelpInfo", help.TypeNames[0], StringComparison.Ordinal);
        Assert.NotEmpty(Text(help.Properties["Synopsis"].Value));
        Assert.NotEqual(name, Text(help.Properties["Synopsis"].Value));
    }

    [Theory]
    [MemberData(nameof(CmdletNames))]
    public void Every_parameter_is_described_as_it_is(string name)
    {
        var command = (CmdletInfo)_session.Run("Get-Command $args[0]", name).Single().BaseObject;
        var described = Commands.Value[name].Element(Command + "parameters")!.Elements(Command + "parameter")
            .ToDictionary(parameter => parameter.Element(Maml + "name")!.Value);
        var real = command.Parameters.Values.Where(parameter => !Cmdlet.CommonParameters.Contains(parameter.Name)).ToArray();

        Assert.Equal(real.Select(parameter => parameter.Name).Order(StringComparer.Ordinal), described.Keys.Order(StringComparer.Ordinal));
        foreach (var parameter in real)
        {
            var help = described[parameter.Name];
            Assert.True(help.Element(Maml + "description")!.Value.Length > 15, parameter.Name);
            Assert.Equal(parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases), help.Attribute("aliases")!.Value);
            var fromPipeline = parameter.ParameterSets.Values.Any(set => set.ValueFromPipeline || set.ValueFromPipelineByPropertyName);
            Assert.Equal(fromPipeline, help.Attribute("pipelineInput")!.Value.StartsWith("true", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(CmdletNames))]
    public void Every_parameter_set_has_its_syntax(string name)
    {
        var command = (CmdletInfo)_session.Run("Get-Command $args[0]", name).Single().BaseObject;
        var items = Commands.Value[name].Element(Command + "syntax")!.Elements(Command + "syntaxItem")
            .Select(item => string.Join(",", item.Elements(Command + "parameter").Select(parameter => parameter.Element(Maml + "name")!.Value).Order(StringComparer.Ordinal)));
        var sets = command.ParameterSets
            .Select(set => string.Join(",", set.Parameters.Select(parameter => parameter.Name).Where(parameter => !Cmdlet.CommonParameters.Contains(parameter)).Order(StringComparer.Ordinal)));

        Assert.Equal(sets.Order(StringComparer.Ordinal), items.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(CmdletNames))]
    public void Examples_parse_and_use_parameters_that_exist(string name)
    {
        var examples = Commands.Value[name].Descendants(Dev + "code").Select(code => code.Value).ToArray();
        Assert.True(examples.Length >= 2, "at least two examples");
        Assert.Contains(examples, example => example.Contains(name, StringComparison.Ordinal));
        foreach (var example in examples)
        {
            var script = Parser.ParseInput(example, out _, out var errors);
            Assert.Empty(errors);
            foreach (CommandAst command in script.FindAll(node => node is CommandAst, searchNestedScriptBlocks: true))
                AssertParametersExist(command);
        }
    }

    [Theory]
    [MemberData(nameof(CmdletNames))]
    public void Pages_are_up_to_date(string name)
    {
        var path = Path.Combine(Pages, name + ".md");
        var text = File.ReadAllText(path);
        var cmdlet = ModuleReader.Read((CmdletInfo)_session.Run("Get-Command $args[0]", name).Single().BaseObject);

        Assert.Equal(PageWriter.Write(PageUpdater.Update(PageReader.Read(path, text), cmdlet)), text);
        Assert.DoesNotContain("{{", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_check_of_a_build_fails_for_a_page_that_is_not_what_the_code_says()
    {
        var copy = Directory.CreateTempSubdirectory("layerstore-");
        try
        {
            foreach (var page in Directory.GetFiles(Pages, "*.md"))
                File.Copy(page, Path.Combine(copy.FullName, Path.GetFileName(page)));
            Assert.Equal((0, ""), Check(copy.FullName));

            var stale = Path.Combine(copy.FullName, "New-Container.md");
            File.WriteAllText(stale, File.ReadAllText(stale).Replace("IsRequired: false", "IsRequired: true", StringComparison.Ordinal));
            var (code, said) = Check(copy.FullName);
            Assert.Equal(1, code);
            Assert.StartsWith($"{stale} : error HELP1: ", Assert.Single(said.TrimEnd().Split('\n')), StringComparison.Ordinal);
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(CmdletNames))]
    public void Links_of_pages_lead_somewhere(string name)
    {
        var path = Path.Combine(Pages, name + ".md");
        var links = PageReader.Read(path, File.ReadAllText(path)).Links;

        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.True(File.Exists(Path.Combine(Pages, link.Target)), link.Target));
    }

    [Fact]
    public void The_help_file_is_made_of_the_pages()
    {
        using var made = new MemoryStream();
        MamlWriter.Write(PageReader.ReadAll(Pages), made);

        Assert.Equal(made.ToArray(), File.ReadAllBytes(Path.Combine(Session.ModulePath, "en-US", PageWriter.HelpFile)));
    }

    [Fact]
    public void Every_error_id_is_explained()
    {
        var ids = ((Type)_session.Run("[LayerStore.ErrorIds]").Single().BaseObject).GetFields().Select(field => (string)field.GetRawConstantValue()!)
            .Append("UnexpectedError").Order(StringComparer.Ordinal);
        var lines = File.ReadAllLines(Path.Combine(Session.ModulePath, "en-US", "about_LayerStore_Errors.help.txt"));
        var explained = lines.SkipWhile(line => line != "IDS").Skip(1).TakeWhile(line => line != "SEE ALSO")
            .Where(line => line.StartsWith("    ", StringComparison.Ordinal) && line[4] != ' ').Select(line => line.Trim());

        Assert.Equal(ids, explained.Order(StringComparer.Ordinal));
    }

    /// <summary>Runs what the build runs on pages; gives its exit code and what it said.</summary>
    private static (int Code, string Said) Check(string pages)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(PageWriter).Assembly.Location, "check", pages, Path.Combine(Session.ModulePath, "LayerStore.psd1")]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said);
    }

    private void AssertParametersExist(CommandAst command)
    {
        if (_session.Try("Get-Command $args[0] -Module LayerStore -ErrorAction Ignore", command.GetCommandName()).Output is not [{ BaseObject: CommandInfo info }])
            return;
        foreach (var parameter in command.CommandElements.OfType<CommandParameterAst>())
            Assert.True(info.Parameters.ContainsKey(parameter.ParameterName), $"{info.Name} has no -{parameter.ParameterName}");
    }

    private static string Text(object value) => value.ToString() ?? "";
}
