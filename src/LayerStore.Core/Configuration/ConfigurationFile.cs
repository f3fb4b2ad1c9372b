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

    /// <summary>The only file to read, where <c>$LAYERSTORE_CONFIG</c> names one; else null. <c>/dev/null</c> for none at all.</summary>
    public static string? NamedPath => Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } path ? Path.GetFullPath(path) : null;

    /// <summary>The files that count here, the system's before the user's; those that do not exist too.</summary>
    public static IReadOnlyList<string> Paths() => NamedPath is { } path
        ? [path]
        : [PathOf(ConfigurationScope.System), PathOf(ConfigurationScope.User)];

    /// <summary>What one file says.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ConfigurationInvalid"/> with file, line and column; <see cref="ErrorIds.ConfigurationNotFound"/>.</exception>
    public static StorageConfiguration Load(string path) => Parse(ReadText(path), path);

    /// <summary>Everything that is wrong in a file, and what is probably not meant in it.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ConfigurationNotFound"/>; <see cref="ErrorIds.PermissionDenied"/>.</exception>
    public static IReadOnlyList<ConfigurationProblem> Check(string path)
    {
        try
        {
            return CheckText(ReadText(path), path);
        }
        catch (StoreException e) when (e.ErrorId == ErrorIds.ConfigurationInvalid)
        {
            return [new ConfigurationProblem { Path = path, Line = 1, Column = 1, Setting = "", Message = e.Message, Expected = "YAML or JSON in UTF-8" }];
        }
    }

    /// <summary>Everything that is wrong in a text, and what is probably not meant in it.</summary>
    public static IReadOnlyList<ConfigurationProblem> CheckText(string text, string path = "")
    {
        var reading = ConfigurationReader.Read(text, path);
        return [.. reading.Problems.Concat(ConfigurationAdvice.Of(reading, path)).OrderBy(problem => (problem.Line, problem.Column))];
    }

    /// <summary>What a text says.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ConfigurationInvalid"/>.</exception>
    public static StorageConfiguration Parse(string text, string path = "")
    {
        var read = ConfigurationReader.Read(text, path);
        return read.Problems.Count == 0 ? read.Configuration : throw Invalid(read.Problems);
    }

    /// <summary>A configuration as a text.</summary>
    /// <param name="configuration">What it says.</param>
    /// <param name="format">How it is written.</param>
    /// <param name="schema">Where editors find <see cref="ConfigurationSchema"/>: a path or an address; null to leave it out.</param>
    public static string ToText(StorageConfiguration configuration, ConfigurationFormat format = ConfigurationFormat.Yaml, string? schema = null) =>
        format == ConfigurationFormat.Json ? ConfigurationText.Json(configuration, schema) : ConfigurationText.Yaml(configuration, schema);

    /// <summary>Settings as a text.</summary>
    /// <param name="settings">Their names from the top, with their values.</param>
    /// <param name="format">How it is written.</param>
    /// <param name="schema">As for the other one.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.ConfigurationInvalid"/> where there is no such setting or it does not take the value.</exception>
    public static string ToText(IEnumerable<KeyValuePair<string, object?>> settings, ConfigurationFormat format = ConfigurationFormat.Yaml, string? schema = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return ToText(Parse(settings.Aggregate("", (text, setting) => ConfigurationChange.Changed(text, setting.Key, setting.Value, ""))), format, schema);
    }

    /// <summary>A setting's value as it would be written in YAML.</summary>
    public static string ToText(object? value) => value is null ? "" : ConfigurationText.Value(value);

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

    /// <summary>A file's text.</summary>
    internal static string ReadText(string path)
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
