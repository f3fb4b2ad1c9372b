using System.Diagnostics;

namespace LayerStore.Tests.Support;

/// <summary>A small tmpfs, to be filled up; unmounted and removed at the end.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly TestDirectory _directory = new();

    public SmallDisk(int megabytes) => Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=0755", "layerstore-test", _directory.Path);

    public string Path => _directory.Path;

    public void Dispose()
    {
        Run("umount", _directory.Path);
        _directory.Dispose();
    }

    private static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{command} {string.Join(' ', arguments)} failed with {process.ExitCode}.");
    }
}
