using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>What Invoke-Command and Start-Job hand over finds its own store by its properties, with every cmdlet that takes input; and runspaces in parallel may share a store.</summary>
[Collection(EnvironmentCollection.Name)]
public sealed class DeserializedTests : IDisposable
{
    /// <summary>
    /// Objects as another session has them: $c a container, $m a mounted one's mount, $i an image, $l a layer, $d a driver, $s a store, $f a file, $v a volume, $t its archive, $r what is said of settings. $work is a place to write to.
    /// </summary>
    private const string Setup = """
        $ErrorActionPreference = 'Stop'; $ConfirmPreference = 'None'
        $root, $work, $small = $args
        function Passed { process { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($_)) } }
        $c = Get-Container c1 -Root $root | Passed
        $m = Get-ContainerMount c2 -Root $root | Passed
        $i = Get-ContainerImage small -Root $root | Passed
        $l = Get-ContainerLayer -Root $root | Passed
        $d = Get-StorageDriver vfs -Root $root | Passed
        $s = Get-StorageInfo -Root $root | Passed
        $f = [IO.FileInfo]::new($small) | Passed
        $v = New-ContainerVolume v1 -Root $root | Passed
        $t = Export-ContainerVolume v1 $work/v.tar -Root $root | Passed
        $r = [pscustomobject]@{ Name = 'limits.maxEntries'; Value = 100000 } | Passed
        $y = "$work/x.yaml"; [IO.File]::WriteAllText($y, 'limits: { maxEntries: 100000 }'); $y = [IO.FileInfo]::new($y) | Passed

        """;

    private readonly ConfiguredSession _configured = new();

    public DeserializedTests()
    {
        Store.Run("Initialize-Storage $args[0] -Driver vfs; $null = Import-ContainerImage $args[1] -Root $args[0]; $null = New-Container small -Name c1 -Root $args[0]; $null = New-Container small -Name c2 -Root $args[0] | Mount-Container", Store.Root, SavedImage.Small);
        // Whoever did not find the object's own store would find none.
        Environment.SetEnvironmentVariable("LAYERSTORE_ROOT", "/nonexistent/store");
    }

    public static TheoryData<string, string> Table { get; } = new()
    {
        { "($i | Add-ContainerImageTag -Tag more:1 -PassThru).Reference", "more:1" },
        { "([pscustomobject]@{ Kind = 'Container'; Root = $root } | Passed | Clear-UnusedStorage).Name", "c1" },
        { "@($l | Compare-ContainerLayer $l.Id).Count", "0" },
        { "($c | ConvertTo-ContainerImage -Reference made:1).Reference", "made:1" },
        { "($c | Copy-ContainerFile -Path /bin/busybox -Destination $work -PassThru).Name", "c1" },
        { "($i | Copy-ContainerImage -DestinationRoot $work/other -DestinationDriver vfs).Root -eq \"$work/other\"", "True" },
        { "($m | Dismount-Container -PassThru).State", "Created" },
        { "($c | Export-Container -Path $work/c.tar).Name", "c1" },
        { "($i | Export-ContainerImage -Path $work/i.tar).Images", "small:latest" },
        { "($l | Export-ContainerLayer -DestinationPath $work/l.tar).LayerId -eq $l.Id", "True" },
        { "$r | Export-StorageConfiguration $work/e.yaml; (Get-StorageConfiguration -Path $work/e.yaml).Value", "100000" },
        { "($v | Export-ContainerVolume -Path $work/w.tar).VolumeName", "v1" },
        { "($c | Get-Container).Name", "c1" },
        { "($v | Get-ContainerVolume).Name", "v1" },
        { "((New-Container small -Mount v1:/data -Root $root).Mounts | Passed | Get-ContainerVolume).Name", "v1" },
        { "($t | Import-ContainerVolume -Name v2 -Root $root).Name", "v2" },
        { "([pscustomobject]@{ Name = 'v3'; Root = $root } | Passed | New-ContainerVolume).Name", "v3" },
        { "($v | Remove-ContainerVolume -PassThru).Name", "v1" },
        { "@($c | Get-ContainerChange).Count", "0" },
        { "($i | Get-ContainerImage).Reference", "small:latest" },
        { "($c | Get-ContainerImage).Reference", "small:latest" },
        { "@($i | Get-ContainerImageHistory).Count", "2" },
        { "@($i | Get-ContainerLayer).Count", "1" },
        { "@($l | Get-ContainerLayer).Count", "1" },
        { "($m | Get-ContainerMount).Name", "c2" },
        { "($c | Get-ContainerSize).Name", "c1" },
        { "($r | Get-StorageConfiguration).Name", "limits.maxEntries" },
        { "($d | Get-StorageDriver).Root -eq $root", "True" },
        { "($s | Get-StorageInfo).Containers", "2" },
        { "($s | Get-StorageRecommendation)[0].Root -eq $root", "True" },
        { "@($s | Get-StorageUsage -Kind Container).Total", "2" },
        { "($l | Export-ContainerLayer -DestinationPath $work/l.tar | Passed | Import-ContainerLayer -Root $work/layers).DiffId -eq $l.DiffId", "True" },
        { "$k = $l | Export-ContainerLayer -DestinationPath $work/l.tar | Import-ContainerLayer -Root $work/layers | Passed; ($k | Remove-ContainerLayer -PassThru).Id -eq $k.Id", "True" },
        { "($f | Import-ContainerImage -Root $work/new).Reference", "small:latest" },
        { "($y | Import-StorageConfiguration -DestinationPath $work/t.yaml -PassThru).Name", "limits.maxEntries" },
        { "($s | Initialize-Storage -PassThru).StorageDriver", "vfs" },
        { "($d | Measure-StorageDriver -Workload MountContainer -Iteration 1 -Path $work).Driver", "vfs" },
        { "($c | Mount-Container).Name", "c1" },
        { "($i | New-Container -Name c3).Image", "small:latest" },
        { "($c | Remove-Container -PassThru).Name", "c1" },
        { "Remove-Container * -Root $root -Force; ($i | Remove-ContainerImage -PassThru)[0].Kind", "Untagged" },
        { "($i | Remove-ContainerImageTag -PassThru).References.Count", "0" },
        { "($c | Rename-Container -NewName c9 -PassThru).Name", "c9" },
        { "try { [pscustomobject]@{ Reference = 'localhost:1/x:1'; Root = $root } | Passed | Request-ContainerImage } catch { $_.FullyQualifiedErrorId -replace ',.*' }", "RegistryUnreachable" },
        { "($r | Set-StorageConfiguration -Path $work/s.yaml -PassThru).Value", "100000" },
        { "try { $i | Submit-ContainerImage -Destination localhost:1/x:1 } catch { $_.FullyQualifiedErrorId -replace ',.*' }", "RegistryUnreachable" },
        { "@($y | Test-StorageConfiguration).Count", "0" },
        { "($d | Test-StorageDriver -Path $work)[0].Driver", "vfs" },
    };

    private StoreSession Store => _configured.Store;

    public void Dispose() => _configured.Dispose();

    [Theory]
    [MemberData(nameof(Table))]
    public void Objects_of_another_session_are_taken(string script, string expected) =>
        Assert.Equal(expected, Store.Text(Setup + script, Store.Root, Store.Directory, SavedImage.Small));

    [Fact]
    public void Every_cmdlet_that_takes_input_is_in_the_table()
    {
        var scripts = Table.Select(row => (string)row[0]).ToArray();
        Assert.All(Cmdlets.All, cmdlet => Assert.Contains(scripts, script => script.Contains($"| {cmdlet.Name}", StringComparison.Ordinal)));
    }

    [Fact]
    public void Runspaces_in_parallel_work_on_one_store()
    {
        const string script = """
            $module, $root = $args
            1..8 | ForEach-Object -ThrottleLimit 4 -Parallel {
                Import-Module $using:module
                $container = New-Container small -Name "p$_" -Root $using:root
                $mount = $container | Mount-Container
                [IO.File]::WriteAllText("$mount/f", 'x' * 1000)
                $container | Dismount-Container
                $container | Get-ContainerSize
            } | ForEach-Object -Begin { $sizes = @() } -Process { $sizes += $_.SizeRw } -End { "$($sizes.Count) of $($sizes[0])" }
            """;
        const string removal = """
            $module, $root = $args
            @(1..8 | ForEach-Object -ThrottleLimit 4 -Parallel { Import-Module $using:module; Remove-Container "p$_" -Root $using:root -PassThru -Confirm:$false }).Count
            """;

        Assert.Equal("8 of 1000", Store.Text(script, Session.ModulePath, Store.Root));
        Assert.Equal("10", Store.Text("@(Get-Container -Root $args[0]).Count", Store.Root));
        Assert.Equal("8", Store.Text(removal, Session.ModulePath, Store.Root));
    }
}
