using LayerStore.Tools.Tests;
using Xunit;

namespace LayerStore.Package.Tests;

/// <summary>The module as it is installed. The Pester files run on such a copy, too: the task Test sees to that.</summary>
[Collection(PackageGroup.Name)]
public sealed class InstallTests(PackageFixture package)
{
    private const string Story = """
        $image = Import-ContainerImage $small
        $mount = New-Container $image -Name web | Mount-Container
        [IO.File]::WriteAllText("$mount/etc/new", '12345')
        "web: $((Get-ContainerSize web).SizeRw)B"
        Dismount-Container web
        """;

    [Fact]
    public void Nothing_of_the_package_itself_is_left_and_the_version_is_its_folder()
    {
        Assert.Equal("LayerStore", Path.GetFileName(Path.GetDirectoryName(package.ModulePath)));
        Assert.Contains($".{Path.GetFileName(package.ModulePath)}.nupkg", package.PackagePath, StringComparison.Ordinal);
        foreach (var name in (string[])["LayerStore.nuspec", "[Content_Types].xml", "_rels", "package"])
            Assert.False(Path.Exists(Path.Combine(package.ModulePath, name)), name);
        Assert.True(File.Exists(Path.Combine(package.ModulePath, "PSGetModuleInfo.xml")));
    }

    [Fact]
    public void A_command_s_name_is_enough_to_find_and_load_it()
    {
        using var scratch = new ScratchFolder();

        var output = InSession(scratch, $"$env:PSModulePath = '{package.ModulesPath}'; {Story}; (Get-Command New-Container).Module.ModuleBase");

        Assert.Contains("web: 5B", output, StringComparison.Ordinal);
        Assert.Contains(package.ModulePath, output, StringComparison.Ordinal);
    }

    [Fact]
    public void It_works_from_a_folder_that_cannot_be_written_and_has_blanks_in_its_name()
    {
        using var scratch = new ScratchFolder();
        var copy = scratch.Combine("Modules of öffentlich/LayerStore");
        Copy(copy);
        foreach (var folder in Directory.GetDirectories(copy, "*", SearchOption.AllDirectories).Append(copy))
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            Assert.Contains("web: 5B", InSession(scratch, $"Import-Module '{copy}'; {Story}"), StringComparison.Ordinal);
        }
        finally
        {
            foreach (var folder in Directory.GetDirectories(copy, "*", SearchOption.AllDirectories).Append(copy))
                File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void Where_no_native_fits_it_can_be_imported_and_says_what_is_missing_when_a_store_is_opened()
    {
        using var scratch = new ScratchFolder();
        var copy = scratch.Combine("Modules/LayerStore");
        Copy(copy);
        Directory.Delete(Path.Combine(copy, "dependencies", "runtimes"), recursive: true);

        var output = InSession(scratch, $$"""
            Import-Module '{{copy}}'
            "commands: $(@(Get-Command -Module LayerStore -CommandType Cmdlet).Count)"
            "help: $((Get-Help New-Container).Synopsis.Length -gt 10)"
            "drivers: $(@(Get-StorageDriver).Count)"
            "size: $([LayerStore.ByteSize]::Format(1982337))"
            try { New-Container -Empty; 'no error' } catch { "$($_.FullyQualifiedErrorId)|$($_.CategoryInfo.Category)|$_|$($_.ErrorDetails.RecommendedAction)" }
            "left: $([IO.Directory]::Exists($env:LAYERSTORE_ROOT))"
            """);

        Assert.Matches(@"commands: \d\d", output);
        Assert.Contains("help: True", output, StringComparison.Ordinal);
        Assert.Contains("size: 1.98MB", output, StringComparison.Ordinal);
        Assert.Contains("PlatformUnsupported,", output, StringComparison.Ordinal);
        Assert.Contains("|NotInstalled|", output, StringComparison.Ordinal);
        Assert.Contains("e_sqlite3", output, StringComparison.Ordinal);
        Assert.Contains("left: False", output, StringComparison.Ordinal);
    }

    /// <summary>What a script wrote, in a process of its own with a store of its own.</summary>
    private static string InSession(ScratchFolder scratch, string script)
    {
        var file = scratch.Write("run.ps1", $$"""
            $ErrorActionPreference = 'Stop'
            $env:LAYERSTORE_ROOT = '{{scratch.Combine("store")}}'
            $small = '{{Path.Combine(HostProcess.RepositoryPath, "tests", "LayerStore.Core.Tests", "data", "small.tar")}}'
            {{script}}
            """);
        var result = HostProcess.Run("-NoStandIns", "-File", file);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        return result.Output;
    }

    private void Copy(string target)
    {
        foreach (var file in Directory.GetFiles(package.ModulePath, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(package.ModulePath, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
