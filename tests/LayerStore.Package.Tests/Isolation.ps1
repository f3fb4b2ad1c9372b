# Run by IsolationTests in a process of its own: both modules, in an order, each used before and after the other was loaded.
param([string] $LayerStore, [string] $Other, [string] $Order, [string] $Work, [string] $Small)
$ErrorActionPreference = 'Stop'
$env:LAYERSTORE_ROOT = "$Work/store"

# What another module does with its libraries: versions, and that they work.
function Use-Other {
    $yaml = [YamlDotNet.Serialization.DeserializerBuilder]::new().Build().Deserialize[object]([IO.StringReader]::new('a: 1'))
    $packed = [IO.MemoryStream]::new()
    $stream = [ZstdSharp.CompressionStream]::new($packed)
    $stream.Write([byte[]](1, 2, 3), 0, 3)
    $stream.Dispose()
    $zstd = $packed.ToArray().Length
    [SQLitePCL.Batteries_V2]::Init()
    $connection = [Microsoft.Data.Sqlite.SqliteConnection]::new('Data Source=:memory:')
    $connection.Open()
    $command = $connection.CreateCommand()
    $command.CommandText = 'SELECT 40 + 2'
    $answer = $command.ExecuteScalar()
    $connection.Dispose()
    "other: $($yaml['a']) $($zstd -gt 3) $answer"
    foreach ($type in [YamlDotNet.Serialization.DeserializerBuilder], [Microsoft.Data.Sqlite.SqliteConnection], [ZstdSharp.Compressor]) {
        "other uses $($type.Assembly.GetName().Name) $($type.Assembly.GetName().Version) of $([IO.Path]::GetDirectoryName($type.Assembly.Location))"
    }
}

# What ours does with its own: SQLite, zstd both ways, YAML.
function Use-LayerStore([string] $Name) {
    $container = Import-ContainerImage $Small | New-Container -Name $Name
    $null = Export-ContainerImage small "$Work/$Name.tar" -Compression Zstd
    $back = Import-ContainerImage "$Work/$Name.tar" -Root "$Work/$Name"
    [IO.File]::WriteAllText("$Work/$Name.yaml", "driver: vfs`n")
    $problem = @(Test-StorageConfiguration -Text 'driver: [').Count
    "ours: $((Get-ContainerSize $Name).SizeRw) $($back.Reference) $((Get-StorageConfiguration driver -Path "$Work/$Name.yaml").Value) $problem"
}

function Show-Context {
    foreach ($assembly in [Runtime.Loader.AssemblyLoadContext]::Default.Assemblies) {
        if (-not $assembly.IsDynamic -and $assembly.Location.StartsWith($LayerStore)) { "default has $($assembly.GetName().Name)" }
    }
    foreach ($context in [Runtime.Loader.AssemblyLoadContext]::All) {
        if ($context.Name -ne 'LayerStore') { continue }
        foreach ($assembly in $context.Assemblies) { "private has $($assembly.GetName().Name) $($assembly.GetName().Version) of $($assembly.Location.StartsWith($LayerStore))" }
    }
}

if ($Order -eq 'before') { Import-Module "$Other/Other.psd1"; Use-Other }
Import-Module "$LayerStore/LayerStore.psd1"
Use-LayerStore first
if ($Order -eq 'after') { Import-Module "$Other/Other.psd1" }
Use-Other
Import-Module "$LayerStore/LayerStore.psd1" -Force
Use-LayerStore second
Show-Context
