using YamlDotNet.Core;

namespace LayerStore.Configuration;

/// <summary>What a text says.</summary>
/// <param name="Configuration">The settings that can be read.</param>
/// <param name="Document">The text's structure; null where it is empty or no YAML.</param>
/// <param name="Places">Where each setting's name stands, by the name from the top.</param>
/// <param name="Problems">What is wrong.</param>
internal sealed record ConfigurationReading(
    StorageConfiguration Configuration, ConfigurationNode? Document, IReadOnlyDictionary<string, Mark> Places, IReadOnlyList<ConfigurationProblem> Problems);
