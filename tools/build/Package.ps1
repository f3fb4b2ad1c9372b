# The Package task: a .nupkg as the PowerShell Gallery takes it, the same bytes for the same sources.
function New-Package {
    $data = Import-ManifestData ([IO.Path]::Combine($module, 'LayerStore.psd1'))
    $version = $data.ModuleVersion
    $folder = [IO.Path]::Combine($out, 'package')
    $null = [IO.Directory]::CreateDirectory($folder)
    $path = [IO.Path]::Combine($folder, "LayerStore.$version.nupkg")
    if ([IO.File]::Exists($path)) { [IO.File]::Delete($path) }

    $files = [IO.Directory]::GetFiles($module, '*', 'AllDirectories')
    [Array]::Sort($files, [StringComparer]::Ordinal)
    $extensions = [Collections.Generic.SortedSet[string]]::new([StringComparer]::OrdinalIgnoreCase)
    foreach ($file in $files) {
        $extension = [IO.Path]::GetExtension($file).TrimStart('.')
        if ($extension) { $null = $extensions.Add($extension) }
    }

    $zip = [IO.Compression.ZipFile]::Open($path, 'Create')
    try {
        Add-Text $zip '[Content_Types].xml' (Get-ContentTypes $extensions)
        Add-Text $zip '_rels/.rels' ('<?xml version="1.0" encoding="utf-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">' +
            '<Relationship Type="http://schemas.microsoft.com/packaging/2010/07/manifest" Target="/LayerStore.nuspec" Id="R1" /></Relationships>')
        Add-Text $zip 'LayerStore.nuspec' (Get-PackageSpecification $data)
        Add-Bytes $zip 'LICENSE' ([IO.File]::ReadAllBytes((Path 'LICENSE')))
        foreach ($file in $files) {
            $name = [IO.Path]::GetRelativePath($module, $file).Replace('\', '/')
            Add-Bytes $zip $name ([IO.File]::ReadAllBytes($file))
        }
    }
    finally { $zip.Dispose() }
    $path
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

function Get-ContentTypes($Extensions) {
    $types = '<?xml version="1.0" encoding="utf-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">' +
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml" />' +
        '<Default Extension="nuspec" ContentType="application/octet" />'
    # A part without an extension is named by itself.
    $types += '<Override PartName="/LICENSE" ContentType="application/octet" />'
    foreach ($extension in $Extensions) {
        if ($extension -notin 'rels', 'nuspec') { $types += "<Default Extension=""$extension"" ContentType=""application/octet"" />" }
    }
    $types + '</Types>'
}

function Get-PackageSpecification($Data) {
    $gallery = $Data.PrivateData.PSData
    $version = $Data.ModuleVersion
    if ($gallery.Contains('Prerelease') -and $gallery.Prerelease) { $version += "-$($gallery.Prerelease)" }
    # The Gallery finds a module's commands by these tags.
    $tags = @($gallery.Tags) + 'PSModule' + @(foreach ($name in $Data.CmdletsToExport) { "PSCmdlet_$name"; "PSCommand_$name" })
    if ($Data.CmdletsToExport) { $tags += 'PSIncludes_Cmdlet' }
    $fields = [ordered]@{
        id = 'LayerStore'; version = $version; authors = $Data.Author; owners = $Data.CompanyName
        requireLicenseAcceptance = 'false'; description = $Data.Description; copyright = $Data.Copyright; tags = $tags -join ' '
    }
    foreach ($pair in @(@('ReleaseNotes', 'releaseNotes'), @('ProjectUri', 'projectUrl'), @('LicenseUri', 'licenseUrl'))) {
        if ($gallery.Contains($pair[0])) { $fields[$pair[1]] = $gallery[$pair[0]] }
    }
    $text = '<?xml version="1.0" encoding="utf-8"?><package xmlns="http://schemas.microsoft.com/packaging/2011/08/nuspec.xsd"><metadata>'
    foreach ($field in $fields.GetEnumerator()) {
        $text += "<$($field.Key)>$([Security.SecurityElement]::Escape([string] $field.Value))</$($field.Key)>"
        if ($field.Key -eq 'requireLicenseAcceptance') { $text += '<license type="expression">MIT</license>' }
    }
    $text + '</metadata></package>'
}
