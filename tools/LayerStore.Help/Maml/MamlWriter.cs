using System.Text;
using System.Xml;
using System.Xml.Linq;
using LayerStore.Help.Pages;

namespace LayerStore.Help.Maml;

/// <summary>
/// Writes pages as the MAML that Get-Help reads, with the elements and values of platyPS's Export-MamlCommandHelp. Four things differ: the code of an example
/// stands in its own element and not fenced in its introduction, defaults are told, a link to another page has no address, and paragraphs are apart.
/// </summary>
internal static class MamlWriter
{
    private static readonly XNamespace Root = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    private const string Switch = "System.Management.Automation.SwitchParameter";

    /// <summary>Writes the file; the same pages give the same bytes.</summary>
    internal static void Write(IEnumerable<HelpPage> pages, Stream destination)
    {
        var settings = new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\n", CloseOutput = false };
        using var writer = XmlWriter.Create(destination, settings);
        new XDocument(new XElement(Root + "helpItems", new XAttribute("schema", "maml"), pages.Select(Page))).Save(writer);
    }

    private static XElement Page(HelpPage page)
    {
        var parts = page.Name.Split('-');
        return new XElement(
            Command + "command",
            new XAttribute(XNamespace.Xmlns + "maml", Maml),
            new XAttribute(XNamespace.Xmlns + "command", Command),
            new XAttribute(XNamespace.Xmlns + "dev", Dev),
            new XElement(
                Command + "details",
                new XElement(Command + "name", page.Name),
                Description(page.Synopsis),
                new XElement(Command + "verb", parts[0]),
                new XElement(Command + "noun", parts[1])),
            Description(page.Description),
            new XElement(Command + "syntax", page.Syntax.Select(syntax => Syntax(page, syntax))),
            new XElement(Command + "parameters", page.Parameters.Select(parameter => Parameter(parameter))),
            new XElement(Command + "inputTypes", page.Inputs.Select(input => Value("inputType", input))),
            new XElement(Command + "returnValues", page.Outputs.Select(output => Value("returnValue", output))),
            page.Notes.Length == 0 ? null : new XElement(Maml + "alertSet", new XElement(Maml + "alert", Paragraphs(page.Notes))),
            new XElement(Command + "examples", page.Examples.Select(Example)),
            new XElement(
                Command + "relatedLinks",
                page.HelpUri.Length == 0 ? null : Link(new PageLink("Online Version", page.HelpUri)),
                page.Links.Select(Link)));
    }

    private static XElement Syntax(HelpPage page, SyntaxBlock syntax) => new(
        Command + "syntaxItem",
        new XElement(Maml + "name", page.Name),
        syntax.Parameters.Select(item => Parameter(page.Parameters.Single(parameter => parameter.Name == item.Name), syntax.SetName, item.Type)));

    /// <summary>A parameter, of one set where that is named.</summary>
    private static XElement Parameter(PageParameter parameter, string? set = null, string? shortType = null)
    {
        var facts = parameter.Facts;
        IReadOnlyList<ParameterSetFacts> sets = set is null ? facts.Sets : [facts.In(set) ?? throw new InvalidOperationException($"-{parameter.Name} is not in the set {set}")];
        var isSwitch = facts.Type == Switch;
        return new XElement(
            Command + "parameter",
            new XAttribute("required", Truth(sets.Any(item => item.IsRequired))),
            new XAttribute("variableLength", Truth(facts.Type.EndsWith("[]", StringComparison.Ordinal))),
            new XAttribute("globbing", Truth(facts.SupportsWildcards)),
            new XAttribute("pipelineInput", PipelineInput(sets)),
            new XAttribute("position", sets[0].Position),
            new XAttribute("aliases", facts.Aliases.Count == 0 ? "none" : string.Join(", ", facts.Aliases)),
            new XElement(Maml + "name", parameter.Name),
            Description(parameter.Description),
            facts.AcceptedValues.Count == 0 ? null : new XElement(Command + "parameterValueGroup", facts.AcceptedValues.Select(value => ParameterValue(value, required: false))),
            isSwitch ? null : ParameterValue(shortType ?? facts.Type, required: true),
            new XElement(Dev + "type", new XElement(Maml + "name", facts.Type)),
            new XElement(Dev + "defaultValue", facts.DefaultValue.Length > 0 ? facts.DefaultValue : isSwitch ? "False" : "None"));
    }

    private static XElement ParameterValue(string text, bool required) =>
        new(Command + "parameterValue", new XAttribute("required", Truth(required)), new XAttribute("variableLength", "false"), text);

    private static XElement Value(string name, TypeNote note) =>
        new(Command + name, new XElement(Dev + "type", new XElement(Maml + "name", note.Type)), Description(note.Description));

    private static XElement Example(PageExample example) => new(
        Command + "example",
        new XElement(Maml + "title", $"--------- {example.Title} ---------"),
        new XElement(Maml + "introduction", Paragraphs(example.Introduction)),
        new XElement(Dev + "code", example.Code),
        new XElement(Dev + "remarks", example.Output is null ? null : new XElement(Maml + "para", example.Output), Paragraphs(example.Remarks)));

    private static XElement Link(PageLink link) => new(
        Maml + "navigationLink",
        new XElement(Maml + "linkText", link.Text),
        new XElement(Maml + "uri", Uri.IsWellFormedUriString(link.Target, UriKind.Absolute) ? link.Target : ""));

    private static XElement Description(string prose) => new(Maml + "description", Paragraphs(prose));

    private static IEnumerable<XElement> Paragraphs(string prose) =>
        prose.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(paragraph => new XElement(Maml + "para", paragraph));

    private static string PipelineInput(IReadOnlyList<ParameterSetFacts> sets) => (sets.Any(set => set.ValueFromPipeline), sets.Any(set => set.ValueFromPipelineByPropertyName)) switch
    {
        (true, true) => "true (ByValue, ByPropertyName)",
        (true, false) => "true (ByValue)",
        (false, true) => "true (ByPropertyName)",
        _ => "false",
    };

    private static string Truth(bool value) => value ? "true" : "false";
}
