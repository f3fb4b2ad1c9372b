using System.Globalization;
using System.Text;
using YamlDotNet.RepresentationModel;

namespace LayerStore.Help.Pages;

/// <summary>The YAML block of a parameter, read and written as platyPS does.</summary>
internal static class ParameterYaml
{
    /// <summary>Reads a block.</summary>
    /// <exception cref="FormatException">A key is missing or a value is of another kind.</exception>
    /// <exception cref="YamlDotNet.Core.YamlException">It is no YAML.</exception>
    internal static ParameterFacts Read(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        var root = stream.Documents is [{ RootNode: YamlMappingNode mapping }] ? mapping : throw new FormatException("the YAML block is no mapping");
        return new ParameterFacts
        {
            Type = Text(root, "Type"),
            DefaultValue = Text(root, "DefaultValue"),
            SupportsWildcards = Truth(root, "SupportsWildcards"),
            Aliases = Texts(root, "Aliases"),
            Sets = [.. Items(root, "ParameterSets").Cast<YamlMappingNode>().Select(set => new ParameterSetFacts
            {
                Name = Text(set, "Name"),
                Position = Text(set, "Position"),
                IsRequired = Truth(set, "IsRequired"),
                ValueFromPipeline = Truth(set, "ValueFromPipeline"),
                ValueFromPipelineByPropertyName = Truth(set, "ValueFromPipelineByPropertyName"),
                ValueFromRemainingArguments = Truth(set, "ValueFromRemainingArguments"),
            })],
            DontShow = Truth(root, "DontShow"),
            AcceptedValues = Texts(root, "AcceptedValues"),
            HelpMessage = Text(root, "HelpMessage"),
        };
    }

    internal static string Write(ParameterFacts facts)
    {
        var text = new StringBuilder();
        Line("Type", facts.Type);
        Line("DefaultValue", Quoted(facts.DefaultValue));
        Line("SupportsWildcards", Truth(facts.SupportsWildcards));
        List("Aliases", facts.Aliases);
        text.Append("ParameterSets:\n");
        foreach (var set in facts.Sets)
        {
            Line("- Name", set.Name);
            Line("  Position", set.Position);
            Line("  IsRequired", Truth(set.IsRequired));
            Line("  ValueFromPipeline", Truth(set.ValueFromPipeline));
            Line("  ValueFromPipelineByPropertyName", Truth(set.ValueFromPipelineByPropertyName));
            Line("  ValueFromRemainingArguments", Truth(set.ValueFromRemainingArguments));
        }
        Line("DontShow", Truth(facts.DontShow));
        List("AcceptedValues", facts.AcceptedValues);
        Line("HelpMessage", Quoted(facts.HelpMessage));
        return text.ToString();

        void Line(string key, string value) => text.Append(CultureInfo.InvariantCulture, $"{key}: {value}\n");

        void List(string key, IReadOnlyList<string> values)
        {
            text.Append(key).Append(values.Count == 0 ? ": []\n" : ":\n");
            foreach (var value in values)
                text.Append(CultureInfo.InvariantCulture, $"- {value}\n");
        }
    }

    private static string Truth(bool value) => value ? "true" : "false";

    /// <summary>A text that YAML does not take for something else.</summary>
    private static string Quoted(string value) => value.Length > 0 && value.All(char.IsAsciiLetterOrDigit) ? value : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Text(YamlMappingNode mapping, string key) =>
        Find(mapping, key) is YamlScalarNode { Value: { } value } ? value : throw new FormatException($"'{key}' is no text");

    private static bool Truth(YamlMappingNode mapping, string key) =>
        bool.TryParse(Text(mapping, key), out var value) ? value : throw new FormatException($"'{key}' is neither true nor false");

    private static IReadOnlyList<string> Texts(YamlMappingNode mapping, string key) =>
        [.. Items(mapping, key).Select(item => (item as YamlScalarNode)?.Value ?? throw new FormatException($"'{key}' holds something else than texts"))];

    private static IEnumerable<YamlNode> Items(YamlMappingNode mapping, string key) =>
        Find(mapping, key) as YamlSequenceNode ?? throw new FormatException($"'{key}' is no list");

    private static YamlNode Find(YamlMappingNode mapping, string key) =>
        mapping.Children.TryGetValue(new YamlScalarNode(key), out var node) ? node : throw new FormatException($"'{key}' is missing");
}
