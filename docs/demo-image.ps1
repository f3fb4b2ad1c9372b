# The image of the demo: a docker-archive of four layers, written here from files of this machine.

# Writes one layer as a tar in memory; gives its bytes. An entry is a name and a file to copy, a text, or nothing for a folder.
function New-DemoLayer([Collections.IDictionary] $Entries) {
    $stream = [IO.MemoryStream]::new()
    $writer = [Formats.Tar.TarWriter]::new($stream, [Formats.Tar.TarEntryFormat]::Pax, $true)
    foreach ($name in $Entries.Keys) {
        $content = $Entries[$name]
        $isFolder = $null -eq $content
        $entry = [Formats.Tar.PaxTarEntry]::new($(if ($isFolder) { 'Directory' } else { 'RegularFile' }), $name)
        $isProgram = $content -is [IO.FileInfo] -and $name -match '(^|/)bin/|\.so'
        $entry.Mode = [IO.UnixFileMode] $(if ($isFolder -or $isProgram) { 493 } else { 420 })
        $entry.ModificationTime = [DateTimeOffset]::new(2026, 1, 1, 0, 0, 0, [TimeSpan]::Zero)
        if ($content -is [IO.FileInfo]) { $entry.DataStream = [IO.MemoryStream]::new([IO.File]::ReadAllBytes($content.FullName)) }
        elseif (-not $isFolder) { $entry.DataStream = [IO.MemoryStream]::new([Text.Encoding]::UTF8.GetBytes($content)) }
        $writer.WriteEntry($entry)
    }
    $writer.Dispose()
    , $stream.ToArray()
}

# The first of these files that this machine has, as entries of a layer.
function Find-File([string[]] $Candidates, [string] $As) {
    foreach ($path in $Candidates) {
        $file = [IO.FileInfo]::new($path)
        if ($file.Exists) {
            $target = $file.ResolveLinkTarget($true)
            return @{ $(if ($As) { $As } else { $path.TrimStart('/') }) = $(if ($target) { [IO.FileInfo]::new($target.FullName) } else { $file }) }
        }
    }
    @{}
}

function New-DemoImage([string] $Path) {
    $base = [ordered]@{ 'bin/' = $null; 'etc/' = $null; 'lib/' = $null; 'usr/' = $null; 'var/' = $null }
    foreach ($found in @(
            (Find-File '/bin/busybox', '/bin/sh'), (Find-File '/bin/ls'), (Find-File '/bin/cat'), (Find-File '/bin/tar'), (Find-File '/usr/bin/openssl', '/usr/bin/perl', '/bin/bash' 'bin/tool')
            (Find-File '/lib/x86_64-linux-gnu/libc.so.6', '/lib/aarch64-linux-gnu/libc.so.6', '/lib64/libc.so.6' 'lib/libc.so.6'), (Find-File '/etc/os-release'), (Find-File '/etc/passwd'), (Find-File '/etc/group'))) {
        foreach ($key in $found.Keys) { $base[$key] = $found[$key] }
    }
    # The .NET runtime that runs this: every machine that can show the demo has it.
    $runtime = [ordered]@{ 'usr/lib/' = $null; 'usr/lib/dotnet/' = $null }
    $files = [IO.DirectoryInfo]::new([Runtime.InteropServices.RuntimeEnvironment]::GetRuntimeDirectory()).GetFiles()
    [Array]::Sort([long[]] @(foreach ($file in $files) { - $file.Length }), $files)
    foreach ($file in $files[0..15]) { $runtime["usr/lib/dotnet/$($file.Name)"] = $file }

    $program = [ordered]@{ 'opt/' = $null; 'opt/shop/' = $null; 'opt/shop/run.sh' = "#!/bin/sh`nexec cat /etc/shop.conf`n" }
    foreach ($number in 1..40) { $program["opt/shop/page$number.html"] = "<h1>Page $number</h1>" + "`n<p>Layers are shared, containers are not.</p>" * (100 * $number) }
    $layers = @(
        @{ Tar = New-DemoLayer $base; By = 'COPY base / # a few files of this machine' }
        @{ Tar = New-DemoLayer $runtime; By = 'COPY dotnet /usr/lib/dotnet' }
        @{ Tar = New-DemoLayer $program; By = 'COPY shop /opt/shop' }
        @{ Tar = New-DemoLayer ([ordered]@{ 'etc/' = $null; 'etc/shop.conf' = "colour = blue`n"; 'opt/' = $null; 'opt/shop/' = $null; 'opt/shop/.wh.page40.html' = '' })
            By = 'RUN echo "colour = blue" > /etc/shop.conf && rm /opt/shop/page40.html'
        }
    )

    $created = [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ', [cultureinfo]::InvariantCulture)
    $digests = foreach ($layer in $layers) { 'sha256:' + [Convert]::ToHexStringLower([Security.Cryptography.SHA256]::HashData([byte[]] $layer.Tar)) }
    $history = foreach ($layer in $layers) { '{"created":"' + $created + '","created_by":' + [Text.Json.JsonSerializer]::Serialize($layer.By, [string]) + '}' }
    $architecture = if ("$([Runtime.InteropServices.RuntimeInformation]::OSArchitecture)" -eq 'Arm64') { 'arm64' } else { 'amd64' }
    $configuration = '{"architecture":"' + $architecture + '","os":"linux","created":"' + $created + '","config":{"Cmd":["/opt/shop/run.sh"],"Env":["PATH=/bin"]},"rootfs":{"type":"layers","diff_ids":["' +
        ($digests -join '","') + '"]},"history":[' + ($history -join ',') + ']}'
    $configurationBytes = [Text.Encoding]::UTF8.GetBytes($configuration)
    $configurationName = [Convert]::ToHexStringLower([Security.Cryptography.SHA256]::HashData($configurationBytes)) + '.json'
    $names = foreach ($number in 0..($layers.Count - 1)) { "layer$number/layer.tar" }

    $output = [IO.File]::Create($Path)
    try {
        $writer = [Formats.Tar.TarWriter]::new($output, [Formats.Tar.TarEntryFormat]::Pax, $true)
        foreach ($number in 0..($layers.Count - 1)) { Add-ArchiveEntry $writer $names[$number] $layers[$number].Tar }
        Add-ArchiveEntry $writer $configurationName $configurationBytes
        $manifest = '[{"Config":"' + $configurationName + '","RepoTags":["shop:1.0"],"Layers":["' + ($names -join '","') + '"]}]'
        Add-ArchiveEntry $writer 'manifest.json' ([Text.Encoding]::UTF8.GetBytes($manifest))
        $writer.Dispose()
    }
    finally { $output.Dispose() }
}

function Add-ArchiveEntry($Writer, [string] $Name, [byte[]] $Bytes) {
    $entry = [Formats.Tar.PaxTarEntry]::new('RegularFile', $Name)
    $entry.DataStream = [IO.MemoryStream]::new($Bytes)
    $Writer.WriteEntry($entry)
}

# What differs between two lists of layers.
function Compare-Layers($Then, $Now) {
    $known = @{}
    foreach ($layer in $Then) { $known[$layer.Id] = $layer.Size }
    foreach ($layer in $Now) {
        if (-not $known.ContainsKey($layer.Id) -or $known[$layer.Id] -ne $layer.Size) { $layer }
    }
}
