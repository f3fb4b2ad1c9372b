using System.Management.Automation;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>The <c>TestDrive:</c> of one test file: a folder of its own, and what a block makes there goes with the block.</summary>
internal sealed class TestDrive(string parent)
{
    private const string Name = "TestDrive";

    public string Folder { get; } = Directory.CreateDirectory(Path.Combine(parent, Path.GetRandomFileName())).FullName;

    public void Attach(PSCmdlet command)
    {
        var provider = command.SessionState.Provider.GetOne("FileSystem");
        command.SessionState.Drive.New(new PSDriveInfo(Name, provider, Folder, "Pester test drive", credential: null), "Global");
        command.SessionState.PSVariable.Set("global:" + Name, Folder);
    }

    /// <summary>Removes the drive and its folder.</summary>
    /// <exception cref="IOException">Something is still mounted in there.</exception>
    public void Detach(PSCmdlet command)
    {
        command.SessionState.Drive.Remove(Name, force: true, "Global");
        command.SessionState.PSVariable.Remove("global:" + Name);
        RequireNoMounts();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>What is in the drive now.</summary>
    public HashSet<string> Snapshot() => [.. Directory.EnumerateFileSystemEntries(Folder, "*", Everything)];

    /// <summary>Removes what came after a snapshot.</summary>
    /// <exception cref="IOException">Something is still mounted in there.</exception>
    public void Restore(HashSet<string> snapshot)
    {
        RequireNoMounts();
        foreach (var entry in Directory.EnumerateFileSystemEntries(Folder, "*", Everything).Where(entry => !snapshot.Contains(entry)).ToList())
        {
            // A folder takes with it what is in there and comes later in the list.
            if (new DirectoryInfo(entry) is { Exists: true, LinkTarget: null } folder)
            {
                folder.Delete(recursive: true);
            }
            else if (new FileInfo(entry) is var file && (file.Exists || file.LinkTarget is not null))
            {
                file.Delete();
            }
        }
    }

    /// <summary>True where a file system is mounted in a folder; removing the folder would remove what is in there.</summary>
    public static bool HasMounts(string folder)
        => File.Exists("/proc/self/mountinfo")
            && File.ReadLines("/proc/self/mountinfo").Any(line => line.Split(' ') is { Length: > 4 } fields && fields[4].StartsWith(folder, StringComparison.Ordinal));

    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true };

    private void RequireNoMounts()
    {
        if (HasMounts(Folder))
        {
            throw new IOException($"The test left a mount in its TestDrive {Folder}; dismount it in AfterEach or AfterAll.");
        }
    }
}
