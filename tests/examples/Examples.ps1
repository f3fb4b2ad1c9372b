# What the tests of the documentation share: which examples there are, which cannot run here and why, and what an example finds around it.

# Examples that this machine cannot run: a page, the number of the example, and the reason, which is printed.
$notHere = [ordered]@{
    'Import-StorageConfiguration 1' = 'it changes the configuration of the whole machine'
    'Measure-StorageDriver 3'       = 'it needs a pool of ZFS called tank'
    'New-Container 4'               = 'not every driver and file system can limit what a container takes; the tests of the drivers do it on those that can'
    'New-ContainerVolume 3'         = 'not every file system can limit what a volume takes; the tests do it on one that can'
    'Request-ContainerImage 2'      = 'it needs quay.io'
    'Request-ContainerImage 3'      = 'it asks for a password'
    'Request-ContainerImage 5'      = 'it needs Docker Hub'
    'Set-StorageConfiguration 2'    = 'it changes the configuration of the whole machine'
    'Submit-ContainerImage 3'       = 'it asks for a password'
}

# Examples whose output is another on each machine: of these only the first line is compared. A page, the number of the example, and the reason.
$shownByHost = [ordered]@{
    'Get-ContainerImageHistory 1'  = 'as much of a command is shown as the terminal is wide'
    'Get-ContainerSize 3'          = 'a driver counts blocks where its quota is on'
    'Get-StorageConfiguration 1'   = 'where settings come from is a path or a word, as the terminal is wide'
    'Get-StorageConfiguration 2'   = 'so it is here'
    'Get-StorageConfiguration 3'   = 'and here'
    'Get-StorageDriver 1'          = 'it tells what this kernel and file system can'
    'Get-StorageDriver 2'          = 'what is missing here is asked for'
    'Get-StorageInfo 1'            = 'it tells what this kernel can'
    'Get-StorageRecommendation 1'  = 'it weighs what this file system can'
    'Initialize-Storage 1'         = 'it names the file system'
    'Measure-StorageDriver 1'      = 'it measures'
    'Set-StorageConfiguration 1'   = 'where a setting comes from is a path or a word, as the terminal is wide'
    'Test-StorageDriver 1'         = 'it tells what this kernel and file system can'
    'cookbook 9'                   = 'names of the registry are in it where one is installed'
    'cookbook 19'                  = 'it weighs what this file system can'
}

# Where an example finds what it names by an absolute place: below the folder that it runs in, and a registry on a free port.
function Convert-Place([string] $Code, [string] $Folder, [string] $Registry) {
    [regex]::Replace($Code, '(?<![\w.])/(mnt|srv)/', "$Folder/`$1/").Replace('localhost:5000', $Registry)
}

# Other hosts, where an example asks them by ssh: this one, its objects written and read again as they are on their way.
function Invoke-Command([string[]] $HostName, [scriptblock] $ScriptBlock) {
    foreach ($name in $HostName) {
        foreach ($item in & $ScriptBlock) {
            $item = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($item, 1))
            $item.PSObject.Properties.Add([psnoteproperty]::new('PSComputerName', $name))
            $item
        }
    }
}

# The examples of a page of help, or of a page with a block of code below each heading: page, number, title, code, and what the page says that is shown.
function Get-Example([string] $Path) {
    $page = [IO.Path]::GetFileNameWithoutExtension($Path)
    $text = [IO.File]::ReadAllText($Path)
    if ($text -match '(?s)\n## EXAMPLES\n(.*?)\n## PARAMETERS\n') { $text = $Matches[1] }
    $number = 0
    foreach ($match in [regex]::Matches($text, '(?ms)^#{2,3} (?<title>[^\n]+)|^```powershell\n(?<code>.*?)^```\n(?:\n```Output\n(?<output>.*?)^```$)?')) {
        if ($match.Groups['title'].Success) { $title = $match.Groups['title'].Value; continue }
        $number++
        [pscustomobject]@{ Page = $page; Number = $number; Title = $title; Code = $match.Groups['code'].Value; Output = $match.Groups['output'].Value }
    }
}

# All pages whose examples are run.
function Get-ExamplePage {
    $docs = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..', 'docs'))
    $pages = [IO.Directory]::GetFiles([IO.Path]::Combine($docs, 'en-US'), '*-*.md')
    [Array]::Sort($pages, [StringComparer]::Ordinal)
    $pages
    [IO.Path]::Combine($docs, 'cookbook.md')
    [IO.Path]::GetFullPath([IO.Path]::Combine($docs, '..', 'README.md'))
}

# The files of the examples, made once in a folder: archives, a root file system, configurations.
#   small.tar     small, one layer: a busybox                  alpine.tar   alpine:3.20
#   shop.tar      shop:1.0, two layers                         shop-1.1.tar shop:1.1, one more on them
#   app.tar       app:1.2                                      old-app.tar  app:1.2 as it was before
#   springpetclinic.tar  springpetclinic:1.0                   archives/    alpine.tar and app.tar
#   db.tar       a volume's files; backups/ has more, compressed with gzip
#   rootfs/, site/, shop.conf, app.conf, hosts.txt             and alpine:3.20 in the registry
#   layerstore.yaml, which is the configuration that counts; layerstore.json
function New-ExampleFile([string] $Folder, [string] $Registry) {
    $files = [ordered]@{
        'rootfs/etc/os-release'   = "NAME=Example`n"; 'rootfs/etc/passwd' = "root:x:0:0:root:/root:/bin/sh`n"; 'rootfs/opt/shop/run.sh' = "#!/bin/sh`nexec cat /etc/shop.conf`n"
        'rootfs/var/log/app.log'  = "started`n"; 'rootfs/etc/conf.d/default.conf' = "verbose = no`n"; 'rootfs/tmp/cache/page' = 'cached'; 'rootfs/var/www/index.html' = '<h1>Shop</h1>'
        'site/index.html'         = '<h1>New shop</h1>'; 'shop.conf' = "colour = blue`n"; 'app.conf' = "verbose = yes`n"; 'hosts.txt' = "one`ntwo`n"
        'layerstore.yaml'         = "# Ours.`nlimits:`n  maxEntries: 1000000`n"; 'layerstore.json' = '{ "driver": "overlay2", "limits": { "maxEntries": 2000000 } }'
    }
    foreach ($name in $files.Keys) {
        $path = [IO.Path]::Combine($Folder, $name)
        $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($path))
        [IO.File]::WriteAllText($path, $files[$name])
    }
    $small = [IO.Path]::Combine($PSScriptRoot, '..', 'LayerStore.Core.Tests', 'data', 'small.tar')
    [IO.File]::Copy($small, "$Folder/small.tar")

    $env:LAYERSTORE_ROOT = "$Folder/making"
    # Not what this machine's administrators and users configured.
    $env:LAYERSTORE_CONFIG = "$Folder/layerstore.yaml"
    Initialize-Storage -Driver vfs
    foreach ($image in 'alpine:3.20', 'shop:base', 'app:1.2', 'springpetclinic:1.0') {
        $null = Import-ContainerImage "$Folder/rootfs" -RootFs -Reference $image -Change 'CMD ["/opt/shop/run.sh"]' -Message $image
    }
    $null = Export-ContainerImage app:1.2 "$Folder/old-app.tar"
    New-Changed shop:base shop:1.0 "$Folder/shop.conf" /etc/
    [IO.File]::WriteAllText("$Folder/shop.conf", "colour = green`n")
    New-Changed shop:1.0 shop:1.1 "$Folder/shop.conf" /etc/
    New-Changed app:1.2 app:1.2 "$Folder/app.conf" /etc/conf.d/
    $null = [IO.Directory]::CreateDirectory("$Folder/archives")
    foreach ($pair in @('alpine:3.20', 'alpine'), @('shop:1.0', 'shop'), @('shop:1.1', 'shop-1.1'), @('app:1.2', 'app'), @('springpetclinic:1.0', 'springpetclinic')) {
        $null = Export-ContainerImage $pair[0] "$Folder/$($pair[1]).tar"
    }
    foreach ($name in 'alpine.tar', 'app.tar') { [IO.File]::Copy("$Folder/$name", "$Folder/archives/$name") }
    $volume = New-ContainerVolume db
    [IO.File]::WriteAllText("$($volume.Mountpoint)/rows", "1`n2`n")
    $null = [IO.Directory]::CreateDirectory("$Folder/backups")
    $null = Export-ContainerVolume db "$Folder/db.tar"
    foreach ($name in 'mail-backup', 'www-backup') { $null = Export-ContainerVolume db "$Folder/backups/$name.tar.gz" -Compression Gzip }
    if ($Registry) { $null = Submit-ContainerImage alpine:3.20 "$Registry/alpine:3.20" }
    [IO.Directory]::Delete("$Folder/making", $true)
}

# An image of another one and a file that is copied into it.
function New-Changed([string] $Image, [string] $As, [string] $File, [string] $To) {
    $container = New-Container $Image
    Copy-ContainerFile $container.Name $File $To -ToContainer
    $null = ConvertTo-ContainerImage $container.Name $As -Message "COPY $([IO.Path]::GetFileName($File)) $To"
}

# The store of the examples, of those files:
#   images      all of the archives; small is also registry.example.com/base/small:1.0 and :stable, and the old app has no name any more
#   containers  c1 and c2 of small; web of shop:1.0, mounted, with a changed, a new and a deleted file; worker of shop:1.0 with the label role=worker
#   volumes     db with a file; cache, empty, with the label keep=no
function New-ExampleStore([string] $Folder) {
    $env:LAYERSTORE_ROOT = "$Folder/store"
    $env:LAYERSTORE_CONFIG = "$Folder/layerstore.yaml"
    foreach ($name in 'old-app', 'app', 'alpine', 'springpetclinic', 'shop', 'shop-1.1', 'small') { $null = Import-ContainerImage "$Folder/$name.tar" }
    Add-ContainerImageTag small registry.example.com/base/small:1.0, registry.example.com/base/small:stable
    $null = New-Container small -Name c1
    $null = New-Container small -Name c2
    $null = New-Container shop:1.0 -Name worker -Label role=worker
    $web = New-Container shop:1.0 -Name web | Mount-Container
    [IO.File]::WriteAllText("$web/etc/shop.conf", "colour = red`n")
    [IO.File]::WriteAllText("$web/var/log/app.log", "started`nserved`n")
    [IO.File]::WriteAllBytes("$web/var/cache.bin", [byte[]]::new(2000000))
    [IO.Directory]::Delete("$web/tmp/cache", $true)
    [IO.File]::WriteAllText("$((New-ContainerVolume db).Mountpoint)/rows", "1`n2`n3`n")
    $null = New-ContainerVolume cache -Label keep=no
    foreach ($name in 'mnt/disk', 'mnt/c1', 'srv') { $null = [IO.Directory]::CreateDirectory("$Folder/$name") }
}
