using System.Diagnostics;
using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>The main job, from an archive to what docker ps -s shows, on both drivers.</summary>
public sealed class StoryTests : IDisposable
{
    private readonly StoreSession _store = new();

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData("overlay2")]
    [InlineData("vfs")]
    public void Two_containers_of_one_image_do_not_see_each_other(string driver)
    {
        _store.Run("Initialize-Storage -Driver $args[0]", driver);
        _store.Run("Import-ContainerImage $args[0] | Out-Null; New-Container small -Name c1; New-Container small -Name c2", SavedImage.Small);

        _store.Run("""
            $one = Mount-Container c1; $two = Mount-Container c2
            [IO.File]::AppendAllText("$one/etc/passwd", "new:x:1:1::/:/bin/sh`n")
            [IO.File]::WriteAllBytes("$two/root/big", [byte[]]::new(50000000))
            """);

        Assert.Equal("True", _store.Text("(Get-ContainerMount c1).Path + '/root/big' | ForEach-Object { -not [IO.File]::Exists($_) }"));
        Assert.Equal("71", _store.Text("[IO.FileInfo]::new((Get-ContainerMount c2).Path + '/etc/passwd').Length"));
        _store.Run("Dismount-Container -All");
        Assert.Equal(
            "c2 50MB (virtual 52MB),c1 92B (virtual 1.98MB)",
            _store.Text("Get-Container -Size | ForEach-Object { \"$_ \" + [LayerStore.ByteSize]::FormatWithVirtual($_.SizeRw, $_.SizeRootFs) }"));
        Assert.Equal("1982337", _store.Text("(Get-ContainerImage small).Size"));
        Assert.Equal(driver, _store.Text("(Get-StorageInfo).StorageDriver"));

        _store.Run("Get-Container | Remove-Container; Remove-ContainerImage small");
        Assert.Equal("0,0,0", _store.Text("$i = Get-StorageInfo; $i.Containers; $i.Images; $i.Layers"));
    }

    [Theory]
    [InlineData("overlay2")]
    [InlineData("vfs")]
    public void Sizes_are_dockers(string driver)
    {
        // docker run small sh -c SCRIPT, and what docker ps -as said (the golden recording of dockerd 20.10.24).
        (string Name, string Script, string Size)[] golden =
        [
            ("c-created", "true", "0B (virtual 1.98MB)"),
            ("c-1m", "dd if=/dev/zero of=root/f bs=1024 count=1024 2>/dev/null", "1.05MB (virtual 3.03MB)"),
            ("c-sparse", "dd if=/dev/zero of=root/f bs=1 count=1 seek=10485759 2>/dev/null", "10.5MB (virtual 12.5MB)"),
            ("c-hardlink", "head -c 1000000 /dev/zero > root/f; ln root/f root/g; ln root/f root/h", "1MB (virtual 2.98MB)"),
            ("c-symlink", "ln -s /etc/passwd root/sl; ln -s aaaaaaaaaa root/sl2", "21B (virtual 1.98MB)"),
            ("c-deleted", "rm etc/passwd; rm -r home", "0B (virtual 1.98MB)"),
            ("c-chmod", "chmod 600 etc/passwd; touch etc/group", "81B (virtual 1.98MB)"),
            ("c-mkdir", "mkdir -p root/a/b/c; mkfifo root/fifo; mknod root/null c 1 3", "0B (virtual 1.98MB)"),
            ("c-rename", "mv etc/passwd etc/passwd2; rm -rf home; mkdir home; echo x > home/x", "73B (virtual 1.98MB)"),
        ];
        _store.Run("Initialize-Storage -Driver $args[0]; Import-ContainerImage $args[1] | Out-Null", driver, SavedImage.Small);
        foreach (var (name, script, _) in golden)
        {
            var mount = _store.Text("(New-Container small -Name $args[0] | Mount-Container).Path", name);
            using var shell = Process.Start(new ProcessStartInfo("sh", ["-ec", script]) { WorkingDirectory = mount })!;
            shell.WaitForExit();
            Assert.Equal(0, shell.ExitCode);
        }
        _store.Run("Dismount-Container -All");

        var shown = _store.Session.Show("Get-Container -Size").Split('\n');

        foreach (var (name, _, size) in golden)
            Assert.Contains(shown, line => line.Contains($" {name} ", StringComparison.Ordinal) && line.EndsWith($" {size}", StringComparison.Ordinal));
        var sizes = _store.Run("Get-ContainerSize | ForEach-Object { \"$($_.Name) $_\" }").Select(line => line.ToString());
        Assert.Equal(golden.Select(row => $"{row.Name} {row.Size}").Order(StringComparer.Ordinal), sizes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Mounts_are_counted_and_read_only_ones_refuse_writes()
    {
        _store.Run("Import-ContainerImage $args[0] | New-Container -Name c1", SavedImage.Small);

        Assert.Equal("1,2", _store.Text("(Mount-Container c1 -ReadOnly).Count; (Mount-Container c1 -ReadOnly).Count"));
        Assert.Equal("True", _store.Text("try { [IO.File]::WriteAllText((Get-ContainerMount c1).Path + '/x', ''); $false } catch { $true }"));
        Assert.Equal("Mounted,Created", _store.Text("(Dismount-Container c1 -PassThru).State; (Dismount-Container c1 -PassThru).State"));
    }

    [Fact]
    public void A_container_is_mounted_where_the_user_says_relative_to_the_current_location()
    {
        Directory.CreateDirectory(_store["here"]);
        _store.Run("Import-ContainerImage $args[0] | New-Container -Name c1", SavedImage.Small);

        Assert.Equal(_store["here"], _store.Text("$ExecutionContext.SessionState.Path.SetLocation($args[0]) | Out-Null; (Mount-Container c1 ./here).Path", _store.Directory));
        Assert.True(File.Exists(_store["here/etc/passwd"]));
    }
}
