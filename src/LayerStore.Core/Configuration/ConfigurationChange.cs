using LayerStore.Linux;

namespace LayerStore.Configuration;

/// <summary>Changes settings of a file, several at once: all of them or none. Comments, order and everything else stay.</summary>
public sealed class ConfigurationChange
{
    private readonly string? _before;
    private string _text;

    /// <summary>Reads the file, where it is there.</summary>
    /// <param name="path">The file; a symbolic link is followed.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.ConfigurationInvalid"/> where it is wrong already, or no file that could be replaced.</exception>
    public ConfigurationChange(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        Path = System.IO.Path.GetFullPath(File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path);
        if (File.Exists(Path) && IsRegular(Path))
            _before = ConfigurationFile.ReadText(Path);
        else if (System.IO.Path.Exists(Path))
            throw new StoreException(ErrorIds.ConfigurationInvalid, StoreErrorKind.InvalidArgument, path,
                $"'{Printable.Escape(path)}' is no file that settings could be written to.", "Name a file (-Path, -Scope), or let $env:LAYERSTORE_CONFIG name one.");
        _text = _before ?? "";
        _ = ConfigurationFile.Parse(_text, Path);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>True where the file would become another one.</summary>
    public bool IsChanged => _text != (_before ?? "");

    /// <summary>The settings that the changed file says.</summary>
    public IReadOnlyList<string> Names => [.. ConfigurationText.Values(ConfigurationFile.Parse(_text, Path)).Select(setting => string.Join('.', setting.Parts))];

    /// <summary>Sets a setting, or takes it away where <paramref name="value"/> is null. Nothing is written yet.</summary>
    /// <param name="name">The setting from the top: <c>driver</c>, <c>driverOptions.overlay2.size</c>, <c>limits.maxEntries</c>.</param>
    /// <param name="value">A text, a boolean, a whole number, or texts.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.ConfigurationInvalid"/> where there is no such setting or it does not take the value; the change is then as it was.</exception>
    public void Set(string name, object? value) => _text = Changed(_text, name, value, Path);

    /// <summary>Fails as <see cref="Set"/> would, and sets nothing.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="StoreException">As for <see cref="Set"/>.</exception>
    public void Check(string name, object? value) => _ = Changed(_text, name, value, Path);

    /// <summary>A text with one setting changed.</summary>
    internal static string Changed(string text, string name, object? value, string path)
    {
        var parts = Settings.Split(name) ?? throw Settings.Unknown(name);
        var changed = value is null ? ConfigurationEditor.Unset(text, parts) : ConfigurationEditor.Set(text, parts, ConfigurationText.Value(value));
        return ConfigurationReader.Read(changed, path).Problems is [var problem, ..]
            ? throw new StoreException(ErrorIds.ConfigurationInvalid, StoreErrorKind.InvalidArgument, name,
                $"{string.Join('.', parts)}: {problem.Message}", $"Give {problem.Expected}.{(path.Length == 0 ? "" : $" '{Printable.Escape(path)}' was not changed.")}")
            : changed;
    }

    /// <summary>A setting as the changed file says it; null where it does not.</summary>
    public StorageSetting? Find(string name)
    {
        var reading = ConfigurationReader.Read(_text, Path);
        foreach (var (parts, value) in ConfigurationText.Values(reading.Configuration))
        {
            var full = string.Join('.', parts);
            if (full.Equals(name, StringComparison.OrdinalIgnoreCase))
                return Settings.Describe(parts, value, SettingSource.NamedFile, Path, reading.Places[full]);
        }
        return null;
    }

    /// <summary>
    /// Writes the file in one step, so that readers see the old one or the new one: with the mode that it had, and where it is new, readable for everybody. Its directory is made where it is missing.
    /// </summary>
    /// <exception cref="StoreException">
    /// <see cref="ErrorIds.ConfigurationChanged"/> where somebody else changed it meanwhile; <see cref="ErrorIds.PermissionDenied"/>; <see cref="ErrorIds.InputOutputError"/>.
    /// </exception>
    public void Write()
    {
        if (!IsChanged)
            return;
        if (File.Exists(Path) ? ConfigurationFile.ReadText(Path) != _before : _before is not null)
            throw new StoreException(ErrorIds.ConfigurationChanged, StoreErrorKind.InUse, Path,
                $"'{Printable.Escape(Path)}' was changed by somebody else meanwhile.", "Run the command again; nothing was written.");
        ConfigurationFile.Write(Path, _text);
    }

    /// <summary>False for a device, a pipe or a socket, in whose place no file may be put.</summary>
    private static unsafe bool IsRegular(string path)
    {
        if (!OperatingSystem.IsLinux())
            return true;
        StatxData data;
        fixed (byte* terminated = FileName.Terminated(path))
            return Libc.Statx(Libc.AT_FDCWD, terminated, 0, Libc.STATX_TYPE, &data) == 0 && data.IsRegular;
    }
}
