namespace LayerStore.Configuration;

/// <summary>One file with what it says, as far as it can be read.</summary>
internal sealed class ConfigurationSource
{
    private readonly Dictionary<string, StorageSetting> _settings = new(StringComparer.Ordinal);
    private readonly StoreException? _fault;

    /// <summary>Reads a file; what is wrong with it is told when somebody asks for what it may say.</summary>
    public ConfigurationSource(string path, SettingSource source)
    {
        string text;
        try
        {
            text = ConfigurationFile.ReadText(path);
        }
        catch (StoreException fault)
        {
            _fault = fault;
            return;
        }
        var read = ConfigurationReader.Read(text, path);
        Problems = read.Problems;
        foreach (var (parts, value) in ConfigurationText.Values(read.Configuration))
        {
            var name = string.Join('.', parts);
            _settings[name] = Settings.Describe(parts, value, source, path, read.Places[name]);
        }
    }

    /// <summary>What it says, by the settings' names.</summary>
    public IReadOnlyDictionary<string, StorageSetting> Values => _settings;

    /// <summary>What is wrong in it.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems { get; } = [];

    /// <summary>What is wrong with it as a whole or in it; null where nothing is.</summary>
    public StoreException? Fault => _fault ?? (Problems.Count > 0 ? ConfigurationFile.Invalid(Problems) : null);

    /// <summary>Fails where it may say something of a setting, or of one below it, that cannot be read.</summary>
    public void RefuseFault(string name)
    {
        if (_fault is not null)
            throw _fault;
        if (Problems.Where(problem => Concerns(problem, name)).ToList() is [_, ..] concerning)
            throw ConfigurationFile.Invalid(concerning);
    }

    private static bool Concerns(ConfigurationProblem problem, string name) =>
        problem.Setting.Length == 0 || IsAtOrBelow(problem.Setting, name) || IsAtOrBelow(name, problem.Setting);

    private static bool IsAtOrBelow(string name, string top) =>
        name == top || name.StartsWith(top + ".", StringComparison.Ordinal);
}
