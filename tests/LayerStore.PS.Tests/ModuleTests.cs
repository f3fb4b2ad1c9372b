using System.Management.Automation;
using System.Reflection;
using System.Runtime.Loader;
using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>The built module as a whole: what it exports, and what it does to the process that imports it.</summary>
public sealed class ModuleTests : IClassFixture<Session>
{
    private readonly Session _session;

    public ModuleTests(Session session) => _session = session;

    [Fact]
    public void Manifest_is_valid_and_exports_exactly_the_cmdlets_of_the_assembly()
    {
        var manifest = (PSModuleInfo)_session.Run("Test-ModuleManifest $args[0]", Path.Combine(Session.ModulePath, "LayerStore.psd1")).Single().BaseObject;

        Assert.Equal(Names(Cmdlets.All.Select(cmdlet => cmdlet.Name)), Names(manifest.ExportedCmdlets.Keys));
        Assert.Equal(Names(Cmdlets.All.SelectMany(cmdlet => cmdlet.Aliases)), Names(manifest.ExportedAliases.Keys));
        Assert.Empty(manifest.ExportedFunctions);
        Assert.Empty(manifest.ExportedVariables);
    }

    [Fact]
    public void Import_gives_the_session_exactly_what_the_manifest_exports()
    {
        var commands = _session.Run("Get-Command -Module LayerStore");

        Assert.Equal(
            Names(Cmdlets.All.SelectMany(cmdlet => cmdlet.Aliases.Append(cmdlet.Name))),
            Names(commands.Select(command => ((CommandInfo)command.BaseObject).Name)));
    }

    [Fact]
    public void Only_the_cmdlets_and_the_loader_are_in_the_default_load_context()
    {
        var ours = AssemblyLoadContext.Default.Assemblies
            .Where(assembly => !assembly.IsDynamic && assembly.Location.StartsWith(Session.ModulePath, StringComparison.Ordinal))
            .Select(assembly => assembly.GetName().Name!);
        Assert.Equal(["LayerStore.Loader", "LayerStore.PS"], Names(ours));

        var core = AssemblyLoadContext.All.Single(context => context.Name == "LayerStore").Assemblies;
        Assert.Contains(core, assembly => assembly.GetName().Name == "LayerStore.Core");
    }

    [Fact]
    public void Importing_loads_no_native_library()
    {
        using var fresh = new Session(80, "en-US");

        var maps = File.ReadAllText("/proc/self/maps");
        // Other tests of this process open stores; the natives that they load are not what is asked here.
        if (!Cmdlets.StoresWereOpened)
            Assert.DoesNotContain(Path.Combine(Session.ModulePath, "dependencies", "runtimes"), maps, StringComparison.Ordinal);
    }

    [Fact]
    public void Modules_can_be_imported_again_removed_and_imported_with_a_prefix()
    {
        using var fresh = new Session(80, "en-US");
        fresh.Run("Import-Module $args[0] -Force", Session.ModulePath);
        fresh.Run("Remove-Module LayerStore; Import-Module $args[0] -Prefix LS", Session.ModulePath);

        Assert.Single(fresh.Run("Get-Command New-LSContainer"));
        Assert.Empty(fresh.Try("Get-Command New-Container -ErrorAction Ignore").Output);
    }

    [Theory]
    [InlineData("LayerStore.Container")]
    [InlineData("LayerStore.ContainerImage")]
    [InlineData("LayerStore.ContainerMount")]
    [InlineData("LayerStore.StorageInfo")]
    [InlineData("LayerStore.StoreException")]
    public void Type_literals_of_the_model_resolve(string name) =>
        Assert.Equal(name, ((Type)_session.Run($"[{name}]").Single().BaseObject).FullName);

    [Fact]
    public void Type_literals_of_all_that_cmdlets_emit_resolve()
    {
        var types = Cmdlets.All.SelectMany(cmdlet => cmdlet.Type.GetCustomAttributes<OutputTypeAttribute>()).SelectMany(attribute => attribute.Type).Select(type => type.Name).Distinct();

        Assert.All(types, type => Assert.Equal(type, ((Type)_session.Run($"[{type}]").Single().BaseObject).FullName));
    }

    [Fact]
    public void The_module_folder_holds_all_that_an_import_needs_and_natives_of_linux_only()
    {
        foreach (var file in (string[])["LayerStore.psd1", "LayerStore.Format.ps1xml", "LayerStore.Types.ps1xml", "LayerStore.PS.dll", "LayerStore.Loader.dll",
            "dependencies/LayerStore.Core.dll", "dependencies/LayerStore.Core.deps.json", "en-US/LayerStore.PS.dll-Help.xml", "en-US/about_LayerStore.help.txt"])
            Assert.True(File.Exists(Path.Combine(Session.ModulePath, file)), file);
        Assert.False(File.Exists(Path.Combine(Session.ModulePath, "System.Management.Automation.dll")));
        Assert.False(File.Exists(Path.Combine(Session.ModulePath, "LayerStore.Core.dll")));
        Assert.Equal(
            ["linux-arm64", "linux-musl-arm64", "linux-musl-x64", "linux-x64"],
            Names(Directory.GetDirectories(Path.Combine(Session.ModulePath, "dependencies", "runtimes")).Select(path => Path.GetFileName(path))));
    }

    private static string[] Names(IEnumerable<string> names) => [.. names.Order(StringComparer.Ordinal)];
}
