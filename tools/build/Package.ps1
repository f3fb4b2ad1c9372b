# The Package task: a .nupkg as the PowerShell Gallery takes it, the same bytes for the same sources.

# Builds the module into a folder of its own, completes its manifest, has it signed where -Sign says how, and packs it; emits the package's path.
function Invoke-Package([string] $Folder) {
    $stage = [IO.Path]::Combine($Folder, 'LayerStore')
    if ([IO.Directory]::Exists($stage)) { [IO.Directory]::Delete($stage, $true) }
    # Packages also bring copies compiled ahead; every other build leaves them out, and with them the compiler's download.
    Invoke-Compile $product @('-p:CompileAhead=true', "-p:ModuleDir=$stage/")
    foreach ($name in 'LICENSE', 'THIRD-PARTY-NOTICES.txt') { [IO.File]::Copy((Path $name), [IO.Path]::Combine($stage, $name)) }
    $manifest = [IO.Path]::Combine($stage, 'LayerStore.psd1')
    Set-ReleaseNote $manifest
    $null = Test-ModuleManifest $manifest
    if ($Sign) { Invoke-Signing $stage }
    New-Package $stage $Folder
}

# Writes what the changelog says of this version, or of the next where it has none yet, into the manifest.
function Set-ReleaseNote([string] $Path) {
    $text = [IO.File]::ReadAllText($Path)
    $version = (Import-ManifestData $Path).ModuleVersion
    $changes = [IO.File]::ReadAllText((Path 'CHANGELOG.md'))
    $notes = foreach ($title in $version, 'Unreleased') {
        $part = [regex]::Match($changes, "(?ms)^## \[$([regex]::Escape($title))\][^\n]*\n(.*?)(?=^## |\z)")
        if ($part.Success) { $part.Groups[1].Value.Trim(); break }
    }
    if (-not $notes) { throw "CHANGELOG.md says nothing of version $version and has no part [Unreleased]." }
    # The Gallery takes no more.
    if ($notes.Length -gt 35000) { throw "CHANGELOG.md has $($notes.Length) characters on version $version; the Gallery takes 35000." }
    $mark = "ReleaseNotes = ''"
    if (-not $text.Contains($mark)) { throw "$Path has no line `"$mark`" for the release notes." }
    [IO.File]::WriteAllText($Path, $text.Replace($mark, "ReleaseNotes = '$($notes.Replace("'", "''"))'"))
}

# Hands the files that may carry a signature, ours and nobody else's, to the -Sign command, once and all together.
function Invoke-Signing([string] $Stage) {
    $files = @(foreach ($file in [IO.Directory]::GetFiles($Stage, 'LayerStore.*', 'AllDirectories')) {
            if ([IO.Path]::GetExtension($file) -in '.dll', '.psd1', '.ps1xml') { $file }
        })
    [Array]::Sort($files, [StringComparer]::Ordinal)
    $before = @(foreach ($file in $files) { Get-FileDigest $file })
    $global:LASTEXITCODE = 0
    & $Sign $files | Out-Host
    if ($LASTEXITCODE -ne 0) { throw "The signing command failed with exit code $LASTEXITCODE." }
    for ($i = 0; $i -lt $files.Count; $i++) {
        if (-not [IO.File]::Exists($files[$i]) -or (Get-FileDigest $files[$i]) -eq $before[$i]) { throw "The signing command left $($files[$i]) unsigned." }
    }
    Say "$($files.Count) files were signed."
}

function Get-FileDigest([string] $Path) { [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData([IO.File]::ReadAllBytes($Path))) }

# Packs a module's folder; emits the package's path.
function New-Package([string] $Stage, [string] $Folder) {
    $data = Import-ManifestData ([IO.Path]::Combine($Stage, 'LayerStore.psd1'))
    $path = [IO.Path]::Combine($Folder, "LayerStore.$(Get-PackageVersion $data).nupkg")
    if ([IO.File]::Exists($path)) { [IO.File]::Delete($path) }

    $files = [IO.Directory]::GetFiles($Stage, '*', 'AllDirectories')
    [Array]::Sort($files, [StringComparer]::Ordinal)
    $zip = [IO.Compression.ZipFile]::Open($path, 'Create')
    try {
        Add-Text $zip '[Content_Types].xml' (Get-ContentTypes $files)
        Add-Text $zip '_rels/.rels' ('<?xml version="1.0" encoding="utf-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">' +
            '<Relationship Type="http://schemas.microsoft.com/packaging/2010/07/manifest" Target="/LayerStore.nuspec" Id="R1" /></Relationships>')
        Add-Text $zip 'LayerStore.nuspec' (Get-PackageSpecification $data)
        foreach ($file in $files) {
            $name = [IO.Path]::GetRelativePath($Stage, $file).Replace('\', '/')
            Add-Bytes $zip $name ([IO.File]::ReadAllBytes($file))
        }
    }
    finally { $zip.Dispose() }
    $path
}

# Lays a package out below a folder of modules as PSResourceGet installs it from a repository that is a folder (its InstallHelper); emits the module's folder.
function Install-Package([string] $Package, [string] $Modules) {
    $temporary = [IO.Path]::Combine($Modules, [Guid]::NewGuid().ToString())
    $zip = [IO.Compression.ZipFile]::OpenRead($Package)
    try {
        foreach ($entry in $zip.Entries) {
            if ($entry.CompressedLength -eq 0) { continue }
            $file = [IO.Path]::Combine($temporary, $entry.FullName)
            $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($file))
            [IO.Compression.ZipFileExtensions]::ExtractToFile($entry, $file, $true)
        }
    }
    finally { $zip.Dispose() }
    foreach ($name in 'LayerStore.nuspec', '[Content_Types].xml') { [IO.File]::Delete([IO.Path]::Combine($temporary, $name)) }
    foreach ($name in '_rels', 'package') {
        $folder = [IO.Path]::Combine($temporary, $name)
        if ([IO.Directory]::Exists($folder)) { [IO.Directory]::Delete($folder, $true) }
    }
    $data = Import-ManifestData ([IO.Path]::Combine($temporary, 'LayerStore.psd1'))
    $about = [psobject] @{ Name = 'LayerStore'; Version = [Version] $data.ModuleVersion; Type = 'Module'; Repository = 'local' }
    [IO.File]::WriteAllText([IO.Path]::Combine($temporary, 'PSGetModuleInfo.xml'), [Management.Automation.PSSerializer]::Serialize($about))

    $target = [IO.Path]::Combine($Modules, 'LayerStore', $data.ModuleVersion)
    $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($target))
    if ([IO.Directory]::Exists($target)) { [IO.Directory]::Delete($target, $true) }
    [IO.Directory]::Move($temporary, $target)
    $target
}

# Reads a data file without running it.
function Import-ManifestData([string] $Path) {
    $tokens = $errors = $null
    $ast = [Management.Automation.Language.Parser]::ParseFile($Path, [ref] $tokens, [ref] $errors)
    if ($errors) { throw "$Path is no data file: $($errors[0].Message)" }
    $ast.Find({ $args[0] -is [Management.Automation.Language.HashtableAst] }, $false).SafeGetValue()
}

function Add-Text($Zip, [string] $Name, [string] $Text) { Add-Bytes $Zip $Name ([Text.UTF8Encoding]::new($false).GetBytes($Text)) }

function Add-Bytes($Zip, [string] $Name, [byte[]] $Bytes) {
    $entry = $Zip.CreateEntry($Name, 'SmallestSize')
    # The earliest time that a zip can hold: the package must not depend on when it was made.
    $entry.LastWriteTime = [DateTimeOffset]::new(1980, 1, 1, 0, 0, 0, [TimeSpan]::Zero)
    $entry.ExternalAttributes = 0x81A4 -shl 16
    $stream = $entry.Open()
    try { $stream.Write($Bytes, 0, $Bytes.Length) } finally { $stream.Dispose() }
}

function Get-ContentTypes([string[]] $Files) {
    $types = '<?xml version="1.0" encoding="utf-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">' +
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml" />' +
        '<Default Extension="nuspec" ContentType="application/octet" />'
    $seen = [Collections.Generic.HashSet[string]]::new([string[]]('rels', 'nuspec'), [StringComparer]::OrdinalIgnoreCase)
    foreach ($file in $Files) {
        $extension = [IO.Path]::GetExtension($file).TrimStart('.')
        # A part without an extension is named by itself.
        if (-not $extension) { $types += "<Override PartName=""/$([IO.Path]::GetFileName($file))"" ContentType=""application/octet"" />" }
        elseif ($seen.Add($extension)) { $types += "<Default Extension=""$extension"" ContentType=""application/octet"" />" }
    }
    $types + '</Types>'
}

# The version as NuGet writes it: with the prerelease's name.
function Get-PackageVersion($Data) {
    $gallery = $Data.PrivateData.PSData
    if ($gallery.Contains('Prerelease') -and $gallery.Prerelease) { "$($Data.ModuleVersion)-$($gallery.Prerelease)" } else { $Data.ModuleVersion }
}

# The specification as PSResourceGet makes it of a manifest, and with the tags by which older feeds find a module's commands, as PowerShellGet does.
function Get-PackageSpecification($Data) {
    $gallery = $Data.PrivateData.PSData
    $tags = @('PSModule') + @($gallery.Tags) + 'PSIncludes_Cmdlet' + @(foreach ($name in $Data.CmdletsToExport) { "PSCmdlet_$name"; "PSCommand_$name" })
    $fields = [ordered]@{
        id = 'LayerStore'; version = Get-PackageVersion $Data; authors = $Data.Author; owners = $Data.CompanyName; requireLicenseAcceptance = 'false'
        licenseUrl = $gallery.LicenseUri; projectUrl = $gallery.ProjectUri; iconUrl = $gallery.IconUri
        description = $Data.Description; releaseNotes = $gallery.ReleaseNotes; copyright = $Data.Copyright; tags = $tags -join ' '
    }
    $text = '<?xml version="1.0" encoding="utf-8"?><package xmlns="http://schemas.microsoft.com/packaging/2011/08/nuspec.xsd"><metadata>'
    foreach ($field in $fields.GetEnumerator()) { $text += "<$($field.Key)>$([Security.SecurityElement]::Escape([string] $field.Value))</$($field.Key)>" }
    $text + '</metadata></package>'
}
