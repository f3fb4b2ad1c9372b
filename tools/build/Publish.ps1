# The Publish task: the package of a clean checkout to a NuGet feed, the Gallery unless another is named. It needs the key and nothing else.

function Invoke-Publish {
    [CmdletBinding(SupportsShouldProcess)]
    param([string] $Folder, [string] $Repository, [string] $ApiKey)

    $key = if ($ApiKey) { $ApiKey } else { $env:LAYERSTORE_API_KEY }
    if (-not $key -and -not $WhatIfPreference) { throw 'Publish needs the key of the feed: -ApiKey, or the environment variable LAYERSTORE_API_KEY.' }
    $source = [uri] $Repository
    if ($source.Scheme -ne 'https' -and -not ($source.Scheme -eq 'http' -and $source.IsLoopback)) { throw "$Repository is no https address: the key would be readable on its way." }
    $data = Import-ManifestData (Path 'LayerStore.psd1')
    $version = Get-PackageVersion $data
    Assert-Publishable $data

    $handler = [Net.Http.SocketsHttpHandler]::new()
    # A redirect would take the key along.
    $handler.AllowAutoRedirect = $false
    $client = [Net.Http.HttpClient]::new($handler)
    try {
        $feed = Get-Feed $client $source $version
        $answer = Send-Request $client 'Get' $feed.Known
        $known = switch ([int] $answer.StatusCode) {
            404 { $false }
            200 { if ($feed.Listed) { $answer.Content.ReadAsStringAsync().Result -match """$([regex]::Escape($version))""" } else { $true } }
            default { throw "$($feed.Known) answered $([int] $answer.StatusCode) to the question which versions there are." }
        }
        if ($known) { throw "LayerStore $version is in $Repository already, and a version is never replaced. Raise ModuleVersion in LayerStore.psd1." }

        $package = Invoke-Package $Folder
        $size = [IO.FileInfo]::new($package).Length
        if (-not $PSCmdlet.ShouldProcess("$([IO.Path]::GetFileName($package)) ($size bytes) in $Repository", 'Publish')) { return }
        Send-Package $client $feed.Push $package $key
        Say "LayerStore $version is published in $Repository."
    }
    finally { $client.Dispose() }
}

# Stops where what would be published is not what the project's history has.
function Assert-Publishable($Data) {
    $changes = & git -C $root status --porcelain 2>&1
    if ($LASTEXITCODE -ne 0) { throw "$root is no git checkout: what is published must be what a commit has." }
    if ($changes) { throw "The checkout has changes that no commit has; commit or remove them:`n$($changes -join "`n")" }
    $origin = & git -C $root remote get-url origin 2>$null
    $address = $Data.PrivateData.PSData.ProjectUri
    if ($origin -and ($origin -replace '^git@([^:]+):', 'https://$1/' -replace '(\.git)?/?$') -ne $address) {
        throw "The manifest's ProjectUri is $address, but the checkout comes from $origin. Correct the addresses in LayerStore.psd1."
    }
}

# Where a feed takes packages and where it tells which versions it has: NuGet's third protocol by its index, else the second.
function Get-Feed([Net.Http.HttpClient] $Client, [uri] $Source, [string] $Version) {
    if (-not $Source.AbsolutePath.EndsWith('.json')) {
        $base = $Source.AbsoluteUri.TrimEnd('/')
        return @{ Push = "$base/package/"; Known = "$base/Packages(Id='LayerStore',Version='$Version')"; Listed = $false }
    }
    $answer = Send-Request $Client 'Get' $Source
    if ([int] $answer.StatusCode -ne 200) { throw "$Source answered $([int] $answer.StatusCode), where NuGet's service index was expected." }
    $index = [Text.Json.Nodes.JsonNode]::Parse($answer.Content.ReadAsStringAsync().Result)
    $feed = @{ Listed = $true }
    foreach ($resource in $index['resources'].AsArray()) {
        $type = "$($resource['@type'])"
        if ($type -like 'PackagePublish/*') { $feed.Push = "$($resource['@id'])" }
        if ($type -like 'PackageBaseAddress/*') { $feed.Known = "$($resource['@id'])".TrimEnd('/') + '/layerstore/index.json' }
    }
    if (-not $feed.Push -or -not $feed.Known) { throw "$Source names no place for packages (PackagePublish, PackageBaseAddress)." }
    $feed
}

function Send-Package([Net.Http.HttpClient] $Client, [string] $Address, [string] $Package, [string] $Key) {
    $part = [Net.Http.ByteArrayContent]::new([IO.File]::ReadAllBytes($Package))
    $part.Headers.ContentType = 'application/octet-stream'
    $content = [Net.Http.MultipartFormDataContent]::new()
    $content.Add($part, 'package', 'package.nupkg')
    $answer = Send-Request $Client 'Put' $Address $content $Key
    switch ([int] $answer.StatusCode) {
        { $_ -in 200, 201, 202 } { return }
        { $_ -in 401, 403 } { throw "$Address does not accept the key ($_ $($answer.ReasonPhrase)). A key of the Gallery must be allowed to push LayerStore and not have ended." }
        409 { throw "$Address has this version already: $($answer.ReasonPhrase)" }
        default { throw "$Address answered $_ $($answer.ReasonPhrase) to the package: $($answer.Content.ReadAsStringAsync().Result)" }
    }
}

function Send-Request([Net.Http.HttpClient] $Client, [string] $Method, [uri] $Address, $Content, [string] $Key) {
    $message = [Net.Http.HttpRequestMessage]::new([Net.Http.HttpMethod]::new($Method.ToUpperInvariant()), $Address)
    if ($Content) { $message.Content = $Content }
    if ($Key) {
        $message.Headers.Add('X-NuGet-ApiKey', $Key)
        $message.Headers.Add('X-NuGet-Protocol-Version', '4.1.0')
    }
    try { $Client.Send($message) }
    catch { throw "$Address cannot be reached: $($_.Exception.GetBaseException().Message)" }
}
