namespace LayerStore.PS.Tests.Hosting;

/// <summary>
/// A session whose cmdlets find a configuration of the test's own, and no -Root by default. The variables belong to the whole process: only for tests of <see cref="EnvironmentCollection"/>.
/// </summary>
public sealed class ConfiguredSession : IDisposable
{
    private static readonly string[] Variables = [MachineConfiguration.PathVariable, "LAYERSTORE_ROOT", "LAYERSTORE_DRIVER", "XDG_CONFIG_HOME"];

    private readonly string?[] _before = [.. Variables.Select(Environment.GetEnvironmentVariable)];

    public ConfiguredSession()
    {
        Store = StoreSession.With("$PSDefaultParameterValues.Clear()");
        Store.Session.Runspace.SessionStateProxy.SetVariable("PSDefaultParameterValues", new System.Management.Automation.DefaultParameterDictionary());
        foreach (var name in Variables)
            Environment.SetEnvironmentVariable(name, null);
        Environment.SetEnvironmentVariable("XDG_CONFIG_HOME", Store.Directory);
    }

    internal StoreSession Store { get; }

    /// <summary>The user's file.</summary>
    internal string Path => Store["layerstore/layerstore.yaml"];

    internal void Write(string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        File.WriteAllText(Path, text);
    }

    public void Dispose()
    {
        foreach (var (name, value) in Variables.Zip(_before))
            Environment.SetEnvironmentVariable(name, value);
        Store.Dispose();
    }
}

/// <summary>Tests that set environment variables run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class EnvironmentCollection
{
    public const string Name = "Environment";
}
