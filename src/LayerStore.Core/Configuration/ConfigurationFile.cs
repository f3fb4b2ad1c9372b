using System.Text;
using LayerStore.Linux;

namespace LayerStore.Configuration;

/// <summary>Finds, reads and writes <c>layerstore.yaml</c>.</summary>
public static class ConfigurationFile
{
    /// <summary>The environment variable that names the only file to read, instead of the system's and the user's.</summary>
    public const string PathVariable = "LAYERSTORE_CONFIG";

    /// <summary>A larger file is no configuration.</summary>
    private const long MaxBytes = 1 << 20;

    /// <summary>Where a scope's file is, whether it exists or not.</summary>
    public static string PathOf(ConfigurationScope scope) =>
        Path.Combine(scope == ConfigurationScope.System ? "/etc" : UserDirectories.Configuration, "layerstore", "layerstore.yaml");

    /// <summary>The files that count here, the system's before the user's; those that do not exist too.</summary>
    public static IReadOnlyList<string> Paths() => Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } path
        ? [path]
        : [PathOf(ConfigurationScope.System), PathOf(ConfigurationScope.User)];

    /// <summary>What all files that count say together. Files that do not exist say nothing, but the one that <c>$LAYERSTORE_CONFIG</c> names has to exist.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ConfigurationInvalid"/> with file, line and column; <see cref="ErrorIds.ConfigurationNotFound"/>.</exception>
    public static StorageConfiguration Load()
    {
        var named = Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 };
        return Paths().Where(path => named || File.Exists(path)).Select(Load).Aggregate(new StorageConfiguration(), (all, next) => all.With(next));
    }

    /// <summary>What one file says.</summary>
    /// <exception cref="StoreException">As for <see cref="Load()"/>.</exception>
    public static StorageConfiguration Load(string path) => Parse(ReadText(path), path);

    /// <summary>Everything that is wrong in a file.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ConfigurationNotFound"/>.</exception>
    public static IReadOnlyList<ConfigurationProblem> Check(string path) => CheckText(ReadText(path), path);

    /// <summary>Everything that is wrong in a text.</summary>
    public static IReadOnlyList<ConfigurationProblem> CheckText(string text, string path = "") => ConfigurationReader.Read(text, path).Problems;

    /// <summary>What a text says.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ConfigurationInvalid"/>.</exception>
    public static StorageConfiguration Parse(string text, string path = "")
    {
        var (configuration, _, problems) = ConfigurationReader.Read(text, path);
        return problems.Count == 0 ? configuration : throw Invalid(problems);
    }

    /// <summary>A configuration as a text.</summary>
    public static string ToText(StorageConfiguration configuration, bool json = false) =>
        json ? ConfigurationText.Json(configuration) : ConfigurationText.Yaml(configuration);

    /// <summary>Sets one setting of a file, which is made where it is missing, or takes it away where <paramref name="value"/> is null. Comments and everything else stay.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The setting from the top: <c>driver</c>, <c>driverOptions.overlay2.size</c>, <c>limits.maxEntries</c>.</param>
    /// <param name="value">A text, a boolean, a whole number, or texts.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.ConfigurationInvalid"/> where the name, the value or the file is wrong; the file is then as it was.</exception>
    public static StorageConfiguration Set(string path, string name, object? value)
    {
        var parts = Settings.Split(name) ?? throw new StoreException(
            ErrorIds.ConfigurationInvalid, StoreErrorKind.InvalidArgument, name, $"There is no setting '{Printable.Escape(name)}'.",
            $"Choose from {string.Join(", ", Settings.All.Select(setting => setting.Name))}.");
        var text = File.Exists(path) ? ReadText(path) : "";
        _ = Parse(text, path);
        var changed = value is null ? ConfigurationEditor.Unset(text, parts) : ConfigurationEditor.Set(text, parts, ConfigurationText.Value(value));
        var configuration = Parse(changed, path);
        Write(path, changed);
        return configuration;
    }

    /// <summary>Writes a file in one step: a reader sees the old one or the new one. Its directory is made where it is missing.</summary>
    public static void Write(string path, string text)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.new";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                file.Write(Encoding.UTF8.GetBytes(text));
                file.Flush(flushToDisk: true);
            }
            if (File.Exists(path) && !OperatingSystem.IsWindows())
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(path));
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw LinuxError.From(e, "write", path);
        }
    }

    /// <summary>The error of a configuration with problems.</summary>
    internal static StoreException Invalid(IReadOnlyList<ConfigurationProblem> problems)
    {
        var more = problems.Count > 1 ? $" ({problems.Count - 1} more: Test-StorageConfiguration lists them.)" : "";
        return new StoreException(ErrorIds.ConfigurationInvalid, StoreErrorKind.InvalidData, problems[0].Path.Length == 0 ? problems[0].Setting : problems[0].Path,
            $"{problems[0]}{more}", "Correct the file; about_LayerStore_Configuration says what may stand in it.");
    }

    private static string ReadText(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (file.Length > MaxBytes)
                throw new StoreException(ErrorIds.ConfigurationInvalid, StoreErrorKind.InvalidData, path,
                    $"'{Printable.Escape(path)}' has {file.Length} bytes, more than a configuration may have ({MaxBytes}).", "Name the right file.");
            using var reader = new StreamReader(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException e)
        {
            throw new StoreException(ErrorIds.ConfigurationInvalid, StoreErrorKind.InvalidData, path,
                $"'{Printable.Escape(path)}' is no UTF-8 text.", "Save it as UTF-8.", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StoreException(ErrorIds.ConfigurationNotFound, StoreErrorKind.NotFound, path,
                $"There is no configuration file '{Printable.Escape(path)}'.", "Check the path (-Path, $env:LAYERSTORE_CONFIG), or write one with Set-StorageConfiguration.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StoreException(ErrorIds.PermissionDenied, StoreErrorKind.PermissionDenied, path,
                $"The configuration '{Printable.Escape(path)}' may not be read, or is a directory.", "Look at its owner and mode, or name another file.", e);
        }
    }
}
