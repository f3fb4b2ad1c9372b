<#
.SYNOPSIS
    Draws docs/session.svg, the picture of the README, from a session that really runs: ./build.sh shell -File docs/session.ps1
#>
Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
. ([IO.Path]::Combine($PSScriptRoot, 'demo-image.ps1'))

$typed = @(
    'Import-ContainerImage ./shop.tar'
    '$web, $worker = "web", "worker" | ForEach-Object { New-Container shop:1.0 -Name $_ } | Mount-Container'
    'Set-Content "$web/etc/shop.conf" "colour = green"'
    '[IO.File]::WriteAllBytes("$worker/cache.bin", [byte[]]::new(10000000))'
    'Get-Container -Size'
    'Get-ContainerChange web'
    '$null = Commit-Container web shop:green; $null = Commit-Container worker shop:cached'
    'Get-ContainerLayer -Tree'
)

$work = [IO.Directory]::CreateTempSubdirectory('layerstore-session-').FullName
$env:LAYERSTORE_ROOT = "$work/store"
$lines = [Collections.Generic.List[string[]]]::new()
try {
    $null = New-DemoImage "$work/shop.tar"
    Set-Location $work
    foreach ($code in $typed) {
        $lines.Add(@('typed', "PS> $code"))
        $shown = (. ([scriptblock]::Create($code)) | Out-String -Width 110).Trim("`n")
        foreach ($line in $shown -split "`n") { if ($shown) { $lines.Add(@('shown', $line.TrimEnd())) } }
        if ($shown) { $lines.Add(@('shown', '')) }
    }
    Dismount-Container -All
}
finally {
    Set-Location $PSScriptRoot
    [IO.Directory]::Delete($work, $true)
}

$height = 20 * $lines.Count + 30
$svg = [Text.StringBuilder]::new()
$null = $svg.Append("<svg xmlns=""http://www.w3.org/2000/svg"" viewBox=""0 0 960 $height"" width=""960"" height=""$height"" role=""img"" aria-label=""A session with LayerStore"">`n")
$null = $svg.Append("<style>text{font:14px ui-monospace,Menlo,Consolas,monospace;white-space:pre}.typed{fill:#9ecbff}.shown{fill:#e6edf3}</style>`n")
$null = $svg.Append("<rect width=""960"" height=""$height"" rx=""8"" fill=""#0d1117""/>`n")
$row = 0
foreach ($line in $lines) {
    $row++
    if ($line[1]) { $null = $svg.Append("<text x=""16"" y=""$(20 * $row + 8)"" class=""$($line[0])"" xml:space=""preserve"">$([Security.SecurityElement]::Escape($line[1]))</text>`n") }
}
$null = $svg.Append("</svg>`n")
[IO.File]::WriteAllText([IO.Path]::Combine($PSScriptRoot, 'session.svg'), $svg.ToString())
