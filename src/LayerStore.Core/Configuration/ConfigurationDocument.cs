using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace LayerStore.Configuration;

/// <summary>
/// Parses the YAML (and so the JSON) of a configuration. Only what a configuration needs is taken: one document, mappings with plain names, lists, values. Anchors, aliases and tags are refused, so that a
/// small file cannot become a large one.
/// </summary>
internal static class ConfigurationDocument
{
    private const int MaxDepth = 8;

    /// <summary>The document; null where the text is empty or is no YAML, which is then one of the problems.</summary>
    public static ConfigurationNode? Parse(string text, Action<Mark, IReadOnlyList<string>, string, string> problem)
    {
        using var reader = new StringReader(text);
        var parser = new Parser(reader);
        try
        {
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
                return null;
            parser.Consume<DocumentStart>();
            var node = Read(parser, [], problem);
            parser.Consume<DocumentEnd>();
            if (!parser.Accept<StreamEnd>(out _))
                problem(parser.Current!.Start, [], "There is a second document.", "one document");
            return node;
        }
        catch (YamlException e)
        {
            problem(e.Start, [], $"This is no YAML: {e.Message.TrimEnd('.')}.", "YAML or JSON");
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // What YamlDotNet lets out of a plain text that ends in the middle of a list, and of a tag that is no URI.
            problem(parser.Current?.Start ?? Mark.Empty, [], "This is no YAML.", "YAML or JSON");
            return null;
        }
    }

    private static ConfigurationNode Read(IParser parser, IReadOnlyList<string> at, Action<Mark, IReadOnlyList<string>, string, string> problem)
    {
        if (at.Count > MaxDepth)
            throw new YamlException(parser.Current!.Start, parser.Current.End, "it is nested too deeply");
        if (parser.Current is NodeEvent { Anchor.IsEmpty: false } or AnchorAlias)
            throw new YamlException(parser.Current.Start, parser.Current.End, "anchors and aliases are not taken here");
        if (parser.Current is NodeEvent { Tag.IsEmpty: false })
            throw new YamlException(parser.Current.Start, parser.Current.End, "tags are not taken here");
        if (parser.TryConsume<YamlDotNet.Core.Events.Scalar>(out var scalar))
            return new ConfigurationNode.Scalar(scalar.Value, scalar.Style == ScalarStyle.Plain, scalar.Start, scalar.End);
        if (parser.TryConsume<SequenceStart>(out var sequence))
        {
            var items = new List<ConfigurationNode>();
            while (!parser.Accept<SequenceEnd>(out _))
                items.Add(Read(parser, [.. at, items.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)], problem));
            return new ConfigurationNode.Sequence(items, sequence.Start, parser.Consume<SequenceEnd>().End);
        }
        var mapping = parser.Consume<MappingStart>();
        return ReadMapping(parser, mapping, at, problem);
    }

    private static ConfigurationNode.Mapping ReadMapping(
        IParser parser, MappingStart start, IReadOnlyList<string> at, Action<Mark, IReadOnlyList<string>, string, string> problem)
    {
        var entries = new List<(ConfigurationNode.Scalar, ConfigurationNode)>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (!parser.Accept<MappingEnd>(out _))
        {
            if (Read(parser, [.. at, "?"], problem) is not ConfigurationNode.Scalar name)
                throw new YamlException(start.Start, start.End, "a name must be a text");
            if (!names.Add(name.Value))
                problem(name.Start, [.. at, name.Value], $"'{Printable.Escape(name.Value)}' stands here twice.", "each name once");
            entries.Add((name, Read(parser, [.. at, name.Value], problem)));
        }
        return new ConfigurationNode.Mapping(entries, start.Style == MappingStyle.Flow, start.Start, parser.Consume<MappingEnd>().End);
    }
}
