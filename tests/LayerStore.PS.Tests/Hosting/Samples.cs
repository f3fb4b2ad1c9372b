namespace LayerStore.PS.Tests.Hosting;

/// <summary>Scripts that make the model's objects with fixed values, aged relative to now.</summary>
internal static class Samples
{
    internal const string Definitions = """
        function Labels([hashtable] $From = @{}) {
            $labels = [System.Collections.Generic.Dictionary[string,string]]::new()
            foreach ($key in $From.Keys) { $labels[$key] = $From[$key] }
            , $labels
        }
        function Ago([double] $Seconds) { [datetime]::UtcNow.AddSeconds(-$Seconds) }
        $strings = [string[]]@()
        function Container($Id, $Image, $Command, $Seconds, $Name, $SizeRw, $SizeRootFs) {
            $container = [LayerStore.Container]@{
                Id = $Id.PadRight(64, 'e'); Name = $Name; Image = $Image; ImageId = 'sha256:' + '8a86c9c7acf7'.PadRight(64, '0'); Command = $Command
                Created = Ago $Seconds; State = 'Created'; LayerId = 'c' * 64; Labels = Labels @{ role = 'db' }
                Mounts = [LayerStore.ContainerMountPoint[]]@([LayerStore.ContainerMountPoint]@{ Type = 'volume'; VolumeName = 'db'; Source = '/var/lib/layerstore/volumes/db/_data'; Destination = '/data'; ReadOnly = $true; Root = '/var/lib/layerstore' })
                SizeRw = $SizeRw; SizeRootFs = $SizeRootFs
                Root = '/var/lib/layerstore'
            }
            if ($null -ne $SizeRw) {
                $container = [psobject]::new($container)
                $container.psobject.TypeNames.Insert(0, 'LayerStore.Container#Size')
            }
            $container
        }
        function Image($Repository, $Tag, $Id, $Seconds, $Size) {
            [LayerStore.ContainerImage]@{
                Id = 'sha256:' + $Id.PadRight(64, '0'); Repository = $Repository; Tag = $Tag; Reference = "${Repository}:$Tag"; References = [string[]]"${Repository}:$Tag"
                Created = Ago $Seconds; Size = $Size; LayerCount = 1; Layers = [string[]]('a' * 64); OperatingSystem = 'linux'; Architecture = 'amd64'
                Labels = Labels; Root = '/var/lib/layerstore'
            }
        }
        function Step($Image, $Seconds, $CreatedBy, $Size, $Comment) {
            [LayerStore.ImageHistoryEntry]@{
                Image = $Image; Created = Ago $Seconds; CreatedBy = $CreatedBy; Size = $Size; Comment = $Comment; EmptyLayer = $Size -eq 0
                ImageId = 'sha256:' + '8a86c9c7acf7'.PadRight(64, '0'); Root = '/var/lib/layerstore'
            }
        }
        function Info {
            $status = [System.Collections.Generic.Dictionary[string,object]]::new()
            $status['Backing Filesystem'] = 'extfs'; $status['Supports d_type'] = $true; $status['Native Overlay Diff'] = $true; $status['userxattr'] = $false
            [LayerStore.StorageInfo]@{
                Root = '/var/lib/layerstore'; StorageDriver = 'overlay2'; DriverStatus = $status; DriverOptions = Labels; Containers = 16; Mounted = 2; Images = 15; Layers = 140
                Initialized = $true; Warnings = [string[]]'the disk is nearly full'
            }
        }
        function Details {
            $more = Info
            $type = $more.GetType()
            $type.GetProperty('Features').SetValue($more, [string[]]('SharesPageCache', 'Quota'))
            $numbers = @{ LayerBytes = 68300000L; KeptBlobBytes = 24600000L; AllocatedBytes = 10100000L; DiskTotal = 80000000000L; DiskAvailable = 5000000000L }
            foreach ($name in $numbers.Keys) { $type.GetProperty($name).SetValue($more, $numbers[$name]) }
            $more
        }
        function Containers {
            Container 1883ddea6a28 'deep100:latest' 'sleep 100000' 2 c-deep 0 1990000
            Container 9aea29652a22 'small:latest' "sh -c 'echo log > /var/log/messages'" 4 c-running 4 1982024
            Container 0e8d5766a0ed 'small:latest' "sh -c 'cd /root; for i in 0 1; do true; done'" 13 c-10k 108890 2090910
            Container 510045166bdc 'small:latest' "sh -c 'dd if=/dev/zero of=/root/f'" 22 c-1m 1048576 3030596
            Container 6103d3dcf4b9 'small:latest' 'sh' 24 c-created 0 1982020
        }
        function Images {
            Image petclinic latest 35463828629f (3 * 365 * 86400 + 86400) 400520000
            Image base latest d927edf45cba (3 * 365 * 86400 + 86400) 117000000
            Image small latest 8a86c9c7acf7 (3 * 365 * 86400 + 86400) 1982020
        }
        function Steps {
            Step 8a86c9c7acf7 (3 * 365 * 86400 + 86400) '/bin/sh -c #(nop)  CMD ["sh"]' 0 ''
            Step '<missing>' (3 * 365 * 86400 + 86400) '/bin/sh -c #(nop) ADD file:busybox in /    ' 1982020 ''
        }
        function Layer {
            [LayerStore.ContainerLayer]@{
                Id = '4f4fb700ef54'.PadRight(64, 'a'); ParentId = $null; DiffId = 'sha256:' + '5f70bf18a086'.PadRight(64, '1'); ChainId = 'sha256:' + '5f70bf18a086'.PadRight(64, '1')
                Size = 1982020; Inodes = 412; UncompressedSize = 2250240; RefCount = 3; Images = [string[]]'small:latest'; Created = Ago 3700; Depth = 0; Root = '/var/lib/layerstore'
            }
        }
        function Chain($Id, $Parent, $Size, $Seconds, [string[]] $Images) {
            [LayerStore.ContainerLayer]@{
                Id = $Id.PadRight(64, 'a'); ParentId = $(if ($Parent) { $Parent.PadRight(64, 'a') }); DiffId = 'sha256:' + $Id.PadRight(64, '1'); ChainId = 'sha256:' + $Id.PadRight(64, '2')
                Size = $Size; Inodes = 10; UncompressedSize = $Size; RefCount = $Images.Count; Images = $Images; Created = Ago $Seconds; Depth = 0; Root = '/var/lib/layerstore'
            }
        }
        function Node($Layer, $Branch, [string[]] $EndOf) {
            $node = [psobject]::new($Layer)
            $node.psobject.TypeNames.Insert(0, 'LayerStore.ContainerLayer#Tree')
            $node.psobject.Properties.Add([psnoteproperty]::new('Branch', $Branch))
            $node.psobject.Properties.Add([psnoteproperty]::new('EndOf', $EndOf))
            $node
        }
        function Nodes {
            $shop = 'shop:1.0', 'shop:green', 'shop:cached'
            Node (Chain 4f4fb700ef54 $null 58900000 7300 $shop) '' @()
            Node (Chain 9be84c2d5a10 4f4fb700ef54 3770000 7300 $shop) '' 'shop:1.0'
            Node (Chain 52d7f3a1e6b8 9be84c2d5a10 15 3700 'shop:green') '├─ ' 'shop:green'
            Node (Chain c81e0d4b7f29 9be84c2d5a10 10000000 61 'shop:cached') '└─ ' 'shop:cached', 'registry.example.com/team/shop:cached'
        }
        function Removed {
            [LayerStore.Images.RemovedItem]::new('Untagged', 'Reference', 'small:latest', 0)
            [LayerStore.Images.RemovedItem]::new('Deleted', 'Layer', '4f4fb700ef54'.PadRight(64, 'a'), 1982337)
        }
        function SavedImage {
            [LayerStore.ContainerImageArchive]@{ FullName = '/srv/shop.tar'; Format = 'OciArchive'; Compression = 'Zstd'; Images = [string[]]('shop:1.0', 'shop:1.1'); LayerCount = 5; Size = 68300000 }
        }
        function SavedContainer {
            [LayerStore.ContainerArchive]@{ FullName = '/srv/web.tar'; ContainerId = '0e8d5766a0ed'.PadRight(64, 'e'); Name = 'web'; Size = 2090910; Root = '/var/lib/layerstore' }
        }
        function Volumes {
            foreach ($name in 'db', ('4f4fb700ef54'.PadRight(64, '0'))) {
                [LayerStore.ContainerVolume]@{ Name = $name; Mountpoint = "/var/lib/layerstore/volumes/$name/_data"; Created = Ago 3700; Anonymous = $name -ne 'db'; Labels = Labels @{ backup = 'daily' }; UsedBy = [string[]]('web', 'job'); Root = '/var/lib/layerstore' }
            }
        }
        function SizedVolumes {
            $sized = [psobject]::new([LayerStore.ContainerVolume]@{ Name = 'www'; Mountpoint = '/var/lib/layerstore/volumes/www/_data'; Created = Ago 61; Anonymous = $false; Labels = Labels; UsedBy = $strings; SizeLimit = 10737418240; Size = 2090910; Inodes = 12; AllocatedBytes = 2101248; Root = '/var/lib/layerstore' })
            $sized.psobject.TypeNames.Insert(0, 'LayerStore.ContainerVolume#Size')
            $sized
        }
        function SavedVolume {
            [LayerStore.ContainerVolumeArchive]@{ FullName = '/srv/db.tar.zst'; VolumeName = 'db'; Compression = 'Zstd'; Size = 2090910; Root = '/var/lib/layerstore' }
        }
        function SavedLayer {
            [LayerStore.ContainerLayerArchive]@{
                FullName = '/srv/top.tar.zst'; LayerId = '4f4fb700ef54'.PadRight(64, 'a'); ParentId = $null; DiffId = 'sha256:' + '5f70bf18a086'.PadRight(64, '1'); Digest = 'sha256:' + '8a86c9c7acf7'.PadRight(64, '0')
                Compression = 'Zstd'; Size = 982337; Root = '/var/lib/layerstore'
            }
        }
        function UsageRow($Type, $Kind, $Total, $Active, $Size, $Reclaimable) {
            [LayerStore.StorageUsage]@{ Type = $Type; Kind = $Kind; Total = $Total; Active = $Active; Size = $Size; Reclaimable = $Reclaimable; Root = '/var/lib/layerstore' }
        }
        function UsageRows {
            UsageRow Images Image 15 3 16431000000 7700000000
            UsageRow Containers Container 16 2 4321 4321
            UsageRow 'Standalone Layers' Layer 0 0 0 0
        }
        function ImageUse($Repository, $Tag, $Id, $Size, $Shared, $Containers) {
            [LayerStore.ImageUsage]@{
                Id = 'sha256:' + $Id.PadRight(64, '0'); Repository = $Repository; Tag = $Tag; Reference = "${Repository}:$Tag"; Created = Ago (3 * 365 * 86400 + 86400)
                Size = $Size; SharedSize = $Shared; UniqueSize = $Size - $Shared; Containers = $Containers; Root = '/var/lib/layerstore'
            }
        }
        function ImageUses {
            ImageUse petclinic latest 35463828629f 400520000 117000000 2
            ImageUse '<none>' '<none>' d927edf45cba 117000000 117000000 0
        }
        function Pruned {
            [LayerStore.PruneResult]@{ Kind = 'Container'; Id = '0e8d5766a0ed'.PadRight(64, 'e'); Name = 'c-10k'; Bytes = 108890; Root = '/var/lib/layerstore' }
            [LayerStore.PruneResult]@{ Kind = 'Image'; Id = 'sha256:' + '35463828629f'.PadRight(64, '0'); Name = 'petclinic:latest'; Bytes = 283520000; Root = '/var/lib/layerstore' }
        }
        function Copied {
            [LayerStore.ContainerFileCopy]@{
                FullName = '/srv/site'; Source = '/var/www'; ToContainer = $false; Entries = 12; Size = 34567; Skipped = [string[]]'/var/www/pipe'; SkippedCount = 1
                ContainerId = '0e8d5766a0ed'.PadRight(64, 'e'); Name = 'web'; Root = '/var/lib/layerstore'
            }
        }
        function Changes {
            foreach ($change in @('Modified', '/etc'), @('Added', '/etc/shop.conf'), @('Deleted', '/tmp/cache')) {
                [LayerStore.ContainerChange]@{ Kind = $change[0]; Path = $change[1]; RawPath = [byte[]] 47; ContainerId = '0e8d5766a0ed'.PadRight(64, 'e'); Root = '/var/lib/layerstore' }
            }
        }
        function Difference {
            [LayerStore.LayerDifference]@{ Kind = 'Added'; Path = '/etc/shop.conf'; RawPath = [byte[]] 47; ReferenceId = 'a' * 64; DifferenceId = 'b' * 64; Root = '/var/lib/layerstore' }
        }
        function Measured {
            [LayerStore.ContainerSize]@{ Id = '0e8d5766a0ed'.PadRight(64, 'e'); Name = 'c-10k'; Image = 'small:latest'; SizeRw = 108890; SizeRootFs = 2090910; Inodes = 10011; Root = '/var/lib/layerstore' }
        }
        function Allocated {
            [LayerStore.ContainerAllocation]@{ Id = '0e8d5766a0ed'.PadRight(64, 'e'); Name = 'c-10k'; Image = 'small:latest'; AllocatedBytes = 41123840; Root = '/var/lib/layerstore' }
            [LayerStore.ContainerAllocation]@{ Id = '510045166bdc'.PadRight(64, 'e'); Name = 'c-1m'; Image = ''; AllocatedBytes = $null; Root = '/var/lib/layerstore' }
        }
        function Check($Name, $Passed, $Required, $Evidence, $Remedy = '') { [LayerStore.Drivers.ProbeCheck]::new($Name, $Passed, $Required, $Evidence, $Remedy) }
        $checks = [LayerStore.Drivers.ProbeCheck[]] @(
            Check 'writable' $true $true 'a directory could be made'
            Check 'd_type' $false $true 'the directory does not say what its entries are' "Reformat the file system: 'mkfs.xfs -n ftype=1'."
            Check 'shared blocks' $false $false 'FICLONE: Operation not supported' 'Put the store on xfs or btrfs.'
        )
        function Drivers {
            [LayerStore.StorageDriver]@{
                Name = 'overlay2'; Supported = $false; Reason = "the check 'd_type' failed: the directory does not say what its entries are"; IsDefault = $false; HoldsData = $true; RequiresRoot = $true
                Features = [string[]]('IndependentApply', 'SharesPageCache'); Options = [LayerStore.Drivers.DriverOption[]] @([LayerStore.Drivers.DriverOption]::new('overlay2.size', 'Size', 'Limits layers.')); Checks = $checks; Path = '/var/lib'; Root = '/var/lib/layerstore'
            }
            [LayerStore.StorageDriver]@{
                Name = 'vfs'; Supported = $true; Reason = 'works, without: shared blocks'; IsDefault = $true; HoldsData = $false; RequiresRoot = $false
                Features = [string[]]'MountFree'; Options = [LayerStore.Drivers.DriverOption[]] @(); Checks = $checks; Path = '/var/lib'; Root = '/var/lib/layerstore'
            }
        }
        function DriverTests { foreach ($result in [LayerStore.DriverTestResult]::From([LayerStore.Drivers.ProbeReport]::new('overlay2', '/mnt', $checks))) { $result } }
        function Recommendations {
            [LayerStore.DriverRecommendation]@{
                Rank = 1; Driver = 'overlay2'; Score = 85; Supported = $true; Workload = 'ManyContainers'; Root = '/var/lib/layerstore'
                Reason = [string[]]('Docker prefers it everywhere.', 'Containers share the page cache: a file of the image is in memory once, however many read it.'); Caveat = $strings
            }
            [LayerStore.DriverRecommendation]@{
                Rank = 2; Driver = 'vfs'; Score = 0; Supported = $false; Workload = 'ManyContainers'; Root = '/var/lib/layerstore'
                Reason = $strings; Caveat = [string[]]'It does not work here: the file system is read-only.'
            }
        }
        function Measurement($Workload, $Median, $P95, $Rate) {
            [LayerStore.DriverMeasurement]@{
                Driver = 'overlay2'; Workload = $Workload; Median = [timespan]::FromSeconds($Median); P95 = [timespan]::FromSeconds($P95); Iterations = 5; Operations = 200
                BytesPerSecond = $Rate; FileSystem = 'extfs'; Path = '/mnt'
            }
        }
        function Measurements {
            Measurement ImportImage 1.2345 2 76998018.15
            Measurement CopyUpSmallFiles 0.0351 0.0512 $null
            Measurement MountContainer 0.00028 0.000851 $null
        }
        function SettingRow($Name, $Value, $Type, $Source, $Origin) {
            [LayerStore.StorageSetting]@{
                Name = $Name; Value = $Value; Type = $Type; Source = $Source; Origin = $Origin; Line = $Origin -match ':(\d+)$' ? $Matches[1] : $null; Description = 'It does something.'; Expected = 'a positive number of bytes, or a size such as 64GB'
            }
        }
        function SettingRows {
            SettingRow root /srv/store Path SystemFile /etc/layerstore/layerstore.yaml:2
            SettingRow driver $null Driver Default default
            SettingRow registries.docker.io.mirrors ([string[]]('https://mirror.example:5000', 'http://127.0.0.1:5001')) Addresses UserFile /home/me/.config/layerstore/layerstore.yaml:7
            SettingRow registries.docker.io.insecure $true Boolean Environment '$env:LAYERSTORE_CONFIG'
            SettingRow limits.maxLayerBytes 68719476736L Size Default default
        }
        function Problem($Path, $Line, $Column, $Setting, $Severity, $Message, $Expected) {
            [LayerStore.ConfigurationProblem]@{ Path = $Path; Line = $Line; Column = $Column; Setting = $Setting; Severity = $Severity; Message = $Message; Expected = $Expected }
        }
        function Problems {
            Problem /etc/layerstore/layerstore.yaml 3 9 driver Error "'overlay3' is no value for 'driver'." 'one of overlay2, btrfs, zfs, aufs, vfs, devicemapper'
            Problem '' 12 3 driverOptions.zfs.size Warning "The driver vfs has no option 'zfs.size': new stores do not have it." 'an option of vfs'
        }
        function Mounted {
            [LayerStore.ContainerMount]@{ Id = '0e8d5766a0ed'.PadRight(64, 'e'); Name = 'c-10k'; Path = '/var/lib/layerstore/mounts/c-10k'; ReadOnly = $true; Count = 2; Driver = 'overlay2'; Root = '/var/lib/layerstore' }
        }

        """;
}
