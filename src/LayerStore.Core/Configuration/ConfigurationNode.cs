using YamlDotNet.Core;

namespace LayerStore.Configuration;

/// <summary>A part of a YAML document, and where it stands in the text.</summary>
/// <param name="Start">Its first character.</param>
/// <param name="End">Behind its last character.</param>
internal abstract record ConfigurationNode(Mark Start, Mark End)
{
    /// <summary>A value.</summary>
    public sealed record Scalar(string Value, bool IsPlain, Mark Start, Mark End) : ConfigurationNode(Start, End)
    {
        /// <summary>True for nothing at all, <c>~</c> and <c>null</c>.</summary>
        public bool IsNull => IsPlain && Value is "" or "~" or "null" or "Null" or "NULL";
    }

    /// <summary>A list.</summary>
    public sealed record Sequence(IReadOnlyList<ConfigurationNode> Items, Mark Start, Mark End) : ConfigurationNode(Start, End);

    /// <summary>Names with what stands behind them.</summary>
    public sealed record Mapping(IReadOnlyList<(Scalar Name, ConfigurationNode Value)> Entries, bool IsFlow, Mark Start, Mark End) : ConfigurationNode(Start, End)
    {
        /// <summary>What stands behind a name.</summary>
        public ConfigurationNode? Find(string name) => Entries.FirstOrDefault(entry => entry.Name.Value == name).Value;
    }
}
