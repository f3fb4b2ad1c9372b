using System.Diagnostics;
using LayerStore.Archives;
using LayerStore.Linux;
using LayerStore.Tests.Archives;
using LayerStore.Tests.Support;
using LayerStore.Volumes;

namespace LayerStore.Tests.Volumes;

/// <summary>Volumes go out and come in with all that they hold, and archives reach nothing else.</summary>
public sealed class VolumeArchiveTests : IDisposable
{
    private readonly StoreFolder _folder = new();
    private readonly Store _store;

    public VolumeArchiveTests() => _store = _folder.Open();

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    private string this[string name] => Path.Combine(_folder.Base, name);

    [Theory]
    [InlineData(CompressionKind.None)]
    [InlineData(CompressionKind.Gzip)]
    [InlineData(CompressionKind.Zstd)]
    public void What_goes_out_comes_in_again(CompressionKind compression)
    {
        var volume = _store.Volumes.Create(new VolumeOptions { Name = "db" });
        Fill(volume.Mountpoint);

        var archive = _store.Volumes.Export("db", this["db.tar"], compression);
        var made = _store.Volumes.Import(archive.FullName, new VolumeImportOptions { Volume = new VolumeOptions { Name = "copy" } });

        Assert.Equal(TreeFingerprint.Of(volume.Mountpoint), TreeFingerprint.Of(made.Mountpoint));
        Assert.Equal(_store.Volumes.Measure("db").Bytes, _store.Volumes.Measure("copy").Bytes);
        Assert.Equal((new FileInfo(archive.FullName).Length, compression, "db"), (archive.Size, archive.Compression, archive.VolumeName));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(archive.FullName));
        // The same files, the same bytes.
        var again = _store.Volumes.Export("copy", this["again.tar"], compression);
        Assert.Equal(File.ReadAllBytes(archive.FullName), File.ReadAllBytes(again.FullName));
    }

    [Fact]
    public void Only_an_empty_volume_is_filled_unless_by_force_which_replaces_everything()
    {
        File.WriteAllBytes(this["a.tar"], new TarBuilder().File("new", "n").End());
        var volume = _store.Volumes.Create(new VolumeOptions { Name = "db" });
        Import("a.tar");
        Assert.Equal(["new"], Names(volume));
        File.WriteAllText(Path.Combine(volume.Mountpoint, "old"), "o");
        Assert.Equal(ErrorIds.VolumeNotEmpty, Assert.Throws<StoreException>(() => Import("a.tar")).ErrorId);
        Assert.Equal(["new", "old"], Names(volume));
        Import("a.tar", force: true);
        Assert.Equal(["new"], Names(volume));
        Assert.Equal(["_data"], Directory.GetFileSystemEntries(Path.GetDirectoryName(volume.Mountpoint)!).Select(Path.GetFileName));
    }

    [Fact]
    public void A_damaged_archive_costs_nothing()
    {
        var whole = new TarBuilder().File("new", new string('n', 5000)).End();
        File.WriteAllBytes(this["cut.tar"], whole[..3000]);
        File.WriteAllBytes(this["link.tar"], new TarBuilder().HardLink("link", "nothing").End());
        var volume = _store.Volumes.Create(new VolumeOptions { Name = "db" });
        File.WriteAllText(Path.Combine(volume.Mountpoint, "old"), "o");
        Assert.Equal(ErrorIds.ArchiveTruncated, Assert.Throws<StoreException>(() => Import("cut.tar", force: true)).ErrorId);
        Assert.Equal(ErrorIds.ArchiveCorrupt, Assert.Throws<StoreException>(() => Import("link.tar", force: true)).ErrorId);
        Assert.Equal(ErrorIds.ArchiveTruncated, Assert.Throws<StoreException>(() => Import("cut.tar", "other")).ErrorId);
        Assert.Equal(ErrorIds.ArchiveNotFound, Assert.Throws<StoreException>(() => Import("none.tar", "other")).ErrorId);
        Assert.Equal(["old"], Names(volume));
        Assert.Equal("db", Assert.Single(_store.Volumes.List()).Name);
        Assert.Equal(["db"], Directory.GetFileSystemEntries(Path.Combine(_folder.Root, "volumes")).Select(Path.GetFileName));
    }

    [Fact]
    public void No_entry_leads_out_of_the_volume()
    {
        var outside = Directory.CreateDirectory(this["outside"]).FullName;
        File.WriteAllText(Path.Combine(outside, "file"), "x");
        File.WriteAllBytes(this["up.tar"], new TarBuilder().File("../../../outside/file", "evil").End());
        File.WriteAllBytes(this["link.tar"], new TarBuilder().Symlink("l", outside).File("l/file", "evil").End());
        Assert.Equal(ErrorIds.ArchiveUnsafePath, Assert.Throws<StoreException>(() => Import("up.tar", "up")).ErrorId);
        var made = Import("link.tar", "link");
        Assert.Equal("x", File.ReadAllText(Path.Combine(outside, "file")));
        Assert.Equal("evil", File.ReadAllText(made.Mountpoint + outside + "/file"));
    }

    private ContainerVolume Import(string archive, string name = "db", bool force = false) =>
        _store.Volumes.Import(this[archive], new VolumeImportOptions { Volume = new VolumeOptions { Name = name }, Force = force });

    private static IEnumerable<string?> Names(ContainerVolume volume) => Directory.GetFileSystemEntries(volume.Mountpoint).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    /// <summary>What a backup must not lose; names and nodes that a layer would take for deletions among it.</summary>
    private static void Fill(string folder)
    {
        const string Common = """
            mkdir -p d/e; chmod 2750 d; echo text > d/file; ln d/file d/e/second; ln -s /etc/passwd link; : > .wh.name; mkdir .wh..wh.plnk
            truncate -s 1M sparse; setfattr -n user.note -v value d/file; touch -d @1700000000.123456789 d/file sparse; mkfifo pipe; chmod 0 sparse
            """;
        const string Root = "mknod zero c 0 0; mknod null c 1 3; chown 1000:2000 d/file d; chown -h 5:6 link; setfattr -n trusted.overlay.opaque -v y d; chmod 1777 .";
        // An ordinary user's pipe would come back as a file with a note.
        var script = Libc.Geteuid() == 0 ? Common + "\n" + Root : Common + "\nrm pipe";
        using var process = Process.Start(new ProcessStartInfo("sh", ["-ec", script]) { WorkingDirectory = folder })!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
