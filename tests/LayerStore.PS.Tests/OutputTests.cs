using System.Management.Automation;
using System.Reflection;
using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>OutputType says what really comes out, and -PassThru is what makes silent cmdlets speak.</summary>
public sealed class OutputTests : IDisposable
{
    // Verbs whose result nobody can guess, or is what was asked for.
    private static readonly string[] Speaking = ["Clear", "Get", "New", "Import", "Export", "ConvertTo", "Request", "Submit", "Mount", "Measure", "Compare", "Test"];

    // A file that is configured is no news.
    private static readonly string[] Silent = ["Export-StorageConfiguration", "Import-StorageConfiguration"];

    // What comes out is in another store.
    private static readonly string[] Telling = ["Copy-ContainerImage"];

    private readonly StoreSession _store = StoreSession.With("""
        Import-ContainerImage $args[0] | New-Container -Name c1 | Mount-Container | ForEach-Object { [IO.File]::WriteAllText("$_/f", 'x') }
        Dismount-Container c1
        New-Container small -Name c2
        """, SavedImage.Small);

    /// <summary>A call of each cmdlet that emits every type that it declares. $args: a place to write to.</summary>
    public static TheoryData<string, string> Calls { get; } = new()
    {
        { "Add-ContainerImageTag", "Add-ContainerImageTag small other:1" },
        { "Clear-UnusedStorage", "Clear-UnusedStorage Container" },
        { "Compare-ContainerLayer", "$null = ConvertTo-ContainerImage c1 made:2; Compare-ContainerLayer small made:2" },
        { "ConvertTo-ContainerImage", "ConvertTo-ContainerImage c1 made:1" },
        { "Copy-ContainerFile", "Copy-ContainerFile c1 /etc/passwd $args[0]" },
        { "Copy-ContainerImage", "Copy-ContainerImage small $args[0] -DestinationDriver vfs" },
        { "Dismount-Container", "$null = Mount-Container c1; Dismount-Container c1" },
        { "Export-Container", "Export-Container c1 $args[0]" },
        { "Export-ContainerImage", "Export-ContainerImage small $args[0]" },
        { "Export-ContainerVolume", "$null = New-ContainerVolume v1; Export-ContainerVolume v1 $args[0]" },
        { "Get-ContainerVolume", "$null = New-ContainerVolume v1; Get-ContainerVolume" },
        { "Import-ContainerVolume", "$null = New-ContainerVolume v1; $a = Export-ContainerVolume v1 $args[0]; Import-ContainerVolume $a.FullName v2" },
        { "New-ContainerVolume", "New-ContainerVolume v1" },
        { "Remove-ContainerVolume", "$null = New-ContainerVolume v1; Remove-ContainerVolume v1" },
        { "Export-ContainerLayer", "Get-ContainerLayer | Export-ContainerLayer -DestinationPath $args[0]" },
        { "Export-StorageConfiguration", "Export-StorageConfiguration $args[0]" },
        { "Get-Container", "Get-Container" },
        { "Get-ContainerChange", "Get-ContainerChange c1" },
        { "Get-ContainerImage", "Get-ContainerImage" },
        { "Get-ContainerImageHistory", "Get-ContainerImageHistory small" },
        { "Get-ContainerLayer", "Get-ContainerLayer" },
        { "Get-ContainerMount", "$null = Mount-Container c1; try { Get-ContainerMount } finally { Dismount-Container c1 }" },
        { "Get-ContainerSize", "Get-ContainerSize c1; Get-ContainerSize c1 -Allocated" },
        { "Get-StorageConfiguration", "Get-StorageConfiguration" },
        { "Get-StorageDriver", "Get-StorageDriver" },
        { "Get-StorageInfo", "Get-StorageInfo" },
        { "Get-StorageRecommendation", "Get-StorageRecommendation" },
        { "Get-StorageUsage", "$null = Get-ContainerLayer | Export-ContainerLayer -DestinationPath $args[0] | Import-ContainerLayer; $null = New-ContainerVolume v1; Get-StorageUsage; Get-StorageUsage -Detailed" },
        { "Import-ContainerImage", "Import-ContainerImage $small" },
        { "Import-ContainerLayer", "$null = Get-ContainerLayer | Export-ContainerLayer -DestinationPath $args[0]; Import-ContainerLayer $args[0]" },
        { "Import-StorageConfiguration", "$from = $args[0] + '.yaml'; [IO.File]::WriteAllText($from, 'driver: vfs'); Import-StorageConfiguration $from -DestinationPath $args[0]" },
        { "Initialize-Storage", "Initialize-Storage" },
        { "Measure-StorageDriver", "Measure-StorageDriver vfs CreateContainer -Iteration 1 -LayerCount 1 -FileCount 1 -FileSize 1 -BigFileSize 1 -ContainerCount 1" },
        { "Mount-Container", "Mount-Container c2" },
        { "New-Container", "New-Container small" },
        { "Remove-Container", "Remove-Container c1" },
        { "Remove-ContainerImage", "$null = Import-ContainerImage $small -Reference gone:1; Remove-ContainerImage gone:1" },
        { "Remove-ContainerImageTag", "$null = Import-ContainerImage $small -Reference gone:1; Remove-ContainerImageTag gone:1" },
        { "Remove-ContainerLayer", "$null = Get-ContainerLayer | Export-ContainerLayer -DestinationPath $args[0] | Import-ContainerLayer -Root \"$($args[0]).store\"; Remove-ContainerLayer (Get-ContainerLayer -Root \"$($args[0]).store\").Id -Root \"$($args[0]).store\"" },
        { "Rename-Container", "Rename-Container c1 c9" },
        { "Set-StorageConfiguration", "Set-StorageConfiguration driver vfs -Path $args[0]" },
        { "Test-StorageConfiguration", "Test-StorageConfiguration -Text 'nonsense: 1'; Test-StorageConfiguration -Text 'nonsense: 1' -Quiet" },
        { "Test-StorageDriver", "Test-StorageDriver -Name vfs; Test-StorageDriver -Name vfs -Quiet" },
    };

    public void Dispose() => _store.Dispose();

    [Theory]
    [MemberData(nameof(Calls))]
    public void What_comes_out_is_what_is_declared(string name, string script)
    {
        var cmdlet = Cmdlets.All.Single(cmdlet => cmdlet.Name == name);
        var declared = cmdlet.Type.GetCustomAttributes<OutputTypeAttribute>().SelectMany(attribute => attribute.Type).Select(type => type.Name).Distinct().Order(StringComparer.Ordinal);
        _store.Session.Runspace.SessionStateProxy.SetVariable("small", SavedImage.Small);
        var hasPassThru = cmdlet.Parameters.Any(parameter => parameter.Name == "PassThru");

        var output = _store.Run(script + (hasPassThru ? " -PassThru" : ""), _store["out"]);

        Assert.Equal(declared, output.Select(item => item.BaseObject.GetType().FullName!).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void Without_PassThru_those_are_silent_that_have_it(string name, string script)
    {
        var cmdlet = Cmdlets.All.Single(cmdlet => cmdlet.Name == name);
        var hasPassThru = cmdlet.Parameters.Any(parameter => parameter.Name == "PassThru");
        Assert.Equal((!Speaking.Contains(cmdlet.Attribute.VerbName) && !Telling.Contains(name)) || Silent.Contains(name), hasPassThru);
        if (!hasPassThru)
            return;
        _store.Session.Runspace.SessionStateProxy.SetVariable("small", SavedImage.Small);

        Assert.Empty(_store.Run(script, _store["out"]));
    }

    [Fact]
    public void Every_cmdlet_is_called()
    {
        // These need a registry: tests/Pester/Registries.Tests.ps1 calls them.
        string[] withRegistry = ["Request-ContainerImage", "Submit-ContainerImage"];
        Assert.Equal(Cmdlets.All.Select(cmdlet => cmdlet.Name).Except(withRegistry), Calls.Select(row => (string)row[0]).Order(StringComparer.Ordinal));
    }
}
