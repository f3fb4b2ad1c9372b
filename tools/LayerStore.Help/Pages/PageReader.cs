using Markdig;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using YamlDotNet.Core;

namespace LayerStore.Help.Pages;

/// <summary>Reads a page: CommonMark by Markdig, the schema here.</summary>
internal sealed class PageReader
{
    private static readonly MarkdownPipeline Markdown = new MarkdownPipelineBuilder().UseYamlFrontMatter().UsePreciseSourceLocation().Build();

    private readonly string _path;
    private readonly string _text;
    private readonly List<Block> _blocks;
    private int _next;

    private PageReader(string path, string text)
    {
        _path = path;
        _text = text;
        _blocks = [.. Markdig.Markdown.Parse(text, Markdown)];
    }

    /// <summary>Reads a page.</summary>
    /// <param name="path">What errors call the page.</param>
    /// <param name="text">The page.</param>
    /// <exception cref="PageException">The page does not follow the schema.</exception>
    internal static HelpPage Read(string path, string text) => new PageReader(path, text).Read();

    /// <summary>Reads the pages of all cmdlets in a directory, by name.</summary>
    internal static IReadOnlyList<HelpPage> ReadAll(string directory) =>
        [.. Directory.GetFiles(directory, "*-*.md").Order(StringComparer.Ordinal).Select(path => Read(path, File.ReadAllText(path)))];

    private HelpPage Read()
    {
        var front = Take<YamlFrontMatterBlock>("a front matter").Lines.ToString();
        var page = new HelpPage
        {
            Name = Heading(1),
            HelpUri = Field(front, "HelpUri"),
            Synopsis = Section("SYNOPSIS"),
            Syntax = Many("SYNTAX", ReadSyntax),
            Aliases = Section("ALIASES"),
            Description = Section("DESCRIPTION"),
            Examples = Many("EXAMPLES", ReadExample),
            Parameters = Many("PARAMETERS", ReadParameter),
            CommonParameters = ReadCommonParameters(),
            Inputs = Many("INPUTS", ReadType),
            Outputs = Many("OUTPUTS", ReadType),
            Notes = Section("NOTES"),
            Links = ReadLinks(),
        };
        return _next == _blocks.Count ? page : throw Wrong("nothing more was expected here");
    }

    private SyntaxBlock ReadSyntax()
    {
        const string mark = " (Default)";
        var name = Heading(3);
        var isDefault = name.EndsWith(mark, StringComparison.Ordinal);
        var text = string.Join(' ', Code("").Split((char[])['\n', ' '], StringSplitOptions.RemoveEmptyEntries));
        return new SyntaxBlock(isDefault ? name[..^mark.Length] : name, isDefault, text);
    }

    private PageExample ReadExample()
    {
        var title = Heading(3);
        var introduction = Prose();
        var code = Code("powershell");
        var output = Peek is FencedCodeBlock { Info: "Output" } ? Code("Output") : null;
        return new PageExample(title, introduction, code, output, Prose());
    }

    private PageParameter? ReadParameter()
    {
        if (HeadingText(Peek, 3) is not ['-', .. var name])
            return null;
        _next++;
        var description = Prose();
        try
        {
            return new PageParameter(name, description, ParameterYaml.Read(Code("yaml")));
        }
        catch (Exception exception) when (exception is FormatException or YamlException)
        {
            _next--;
            throw Wrong(exception.Message);
        }
    }

    private string ReadCommonParameters()
    {
        var name = Heading(3);
        return name == "CommonParameters" ? Prose() : throw Wrong("'### CommonParameters' was expected");
    }

    private TypeNote ReadType() => new(Heading(3), Prose());

    private List<PageLink> ReadLinks()
    {
        SectionHeading("RELATED LINKS");
        return [.. Take<ListBlock>("a list of links").Descendants<LinkInline>()
            .Select(link => new PageLink((link.FirstChild as LiteralInline)?.Content.ToString() ?? "", link.Url ?? ""))];
    }

    private string Section(string title)
    {
        SectionHeading(title);
        return Prose();
    }

    private List<T> Many<T>(string title, Func<T?> read)
    {
        SectionHeading(title);
        var items = new List<T>();
        while (HeadingText(Peek, 3) is not null && read() is { } item)
            items.Add(item);
        return items;
    }

    /// <summary>Everything up to the next heading or block of code, as it stands there.</summary>
    private string Prose()
    {
        var first = _next;
        while (Peek is not (null or HeadingBlock or FencedCodeBlock))
            _next++;
        return first == _next ? "" : _text[_blocks[first].Span.Start..(_blocks[_next - 1].Span.End + 1)].TrimEnd();
    }

    private string Code(string language)
    {
        if (Peek is not FencedCodeBlock block || (block.Info ?? "") != language)
            throw Wrong($"a block of code was expected that begins with ```{language}");
        _next++;
        return block.Lines.ToString();
    }

    private void SectionHeading(string title)
    {
        if (HeadingText(Peek, 2) != title)
            throw Wrong($"'## {title}' was expected");
        _next++;
    }

    private string Heading(int level)
    {
        var text = HeadingText(Peek, level) ?? throw Wrong($"a heading of level {level} was expected");
        _next++;
        return text;
    }

    private T Take<T>(string what) where T : Block
    {
        var block = Peek as T ?? throw Wrong($"{what} was expected");
        _next++;
        return block;
    }

    /// <summary>The heading's own letters: names of types hold what Markdown would take for a link.</summary>
    private string? HeadingText(Block? block, int level) =>
        block is HeadingBlock heading && heading.Level == level ? _text[heading.Span.Start..(heading.Span.End + 1)].TrimStart('#').Trim() : null;

    private Block? Peek => _next < _blocks.Count ? _blocks[_next] : null;

    private int Line => (Peek?.Line ?? _text.Count(letter => letter == '\n')) + 1;

    private PageException Wrong(string message) => new(_path, Line, message);

    private static string Field(string frontMatter, string key) => frontMatter.Split('\n')
        .Where(line => line.StartsWith(key + ":", StringComparison.Ordinal)).Select(line => line[(key.Length + 1)..].Trim().Trim('\'')).FirstOrDefault("");
}
