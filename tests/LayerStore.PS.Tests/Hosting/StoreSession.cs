using System.Diagnostics;
using System.Security.Cryptography;

namespace LayerStore.PS.Tests.Hosting;

/// <summary>A session with a directory of its own, whose store is the default one. Mounts and files go away with it.</summary>
public sealed class StoreSession : IDisposable
{
    public StoreSession()
    {
        Cmdlets.StoresWereOpened = true;
        Directory = Path.Combine(Path.GetTempPath(), $"layerstore-ps-{Guid.NewGuid():N}");
        System.IO.Directory.CreateDirectory(Directory);
        Session = new Session();
        Session.Run("$PSDefaultParameterValues['*:Root'] = $args[0]", Root);
        // Parameter defaults are local to the scope of the script that sets them.
        Session.Runspace.SessionStateProxy.SetVariable(
            "PSDefaultParameterValues", new System.Management.Automation.DefaultParameterDictionary { { "*Container*:Root", Root }, { "*Storage*:Root", Root } });
        Session.Runspace.SessionStateProxy.SetVariable("ConfirmPreference", "None");
    }

    /// <summary>A session with something in its store; gone again where that fails, since nobody else would dispose of it.</summary>
    internal static StoreSession With(string setup, params object?[] arguments)
    {
        var store = new StoreSession();
        try
        {
            store.Run(setup, arguments);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    internal Session Session { get; }

    internal string Directory { get; }

    /// <summary>The store's root; made by the first cmdlet that needs it.</summary>
    internal string Root => Path.Combine(Directory, "store");

    internal string this[string name] => Path.Combine(Directory, name);

    public void Dispose()
    {
        Session.Dispose();
        foreach (var line in File.ReadAllLines("/proc/self/mountinfo").Reverse())
        {
            var mount = line.Split(' ')[4];
            if (mount.StartsWith(Directory + "/", StringComparison.Ordinal))
                Process.Start("umount", ["-l", mount]).WaitForExit();
        }
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    /// <summary>Runs a script that must not fail.</summary>
    internal IReadOnlyList<System.Management.Automation.PSObject> Run(string script, params object?[] arguments) => Session.Run(script, arguments);

    /// <summary>Runs a script and joins what it emits, as text.</summary>
    internal string Text(string script, params object?[] arguments) => string.Join(",", Session.Run(script, arguments).Select(item => item?.ToString()));

    /// <summary>The one error of a script.</summary>
    internal System.Management.Automation.ErrorRecord Error(string script, params object?[] arguments)
    {
        var result = Session.Try(script, arguments);
        return Assert.Single(result.Errors);
    }

    /// <summary>
    /// Everything below the root, or another directory: mode, owner, size, target and both times, of which nobody can set that of the last change; of the
    /// database what is in it and in its log. Only SQLite's shared memory is left out, in which readers too note that they read.
    /// </summary>
    internal string Fingerprint(string? directory = null)
    {
        directory ??= Root;
        if (!System.IO.Directory.Exists(directory))
            return "nothing";
        using var find = Process.Start(new ProcessStartInfo("find", [directory, "-not", "-name", "metadata.db*", "-printf", "%p %i %m %U:%G %s %T@ %C@ %l\\n"]) { RedirectStandardOutput = true })!;
        var entries = find.StandardOutput.ReadToEnd().Split('\n').Order(StringComparer.Ordinal);
        find.WaitForExit();
        Assert.Equal(0, find.ExitCode);
        var contents = System.IO.Directory.GetFiles(directory, "metadata.db*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 })
            .Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(file => $"{file} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}");
        return string.Join('\n', entries.Concat(contents));
    }
}
