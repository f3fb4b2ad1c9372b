using System.Reflection;
using LayerStore.Tools.Tests;
using Xunit;

namespace LayerStore.Package.Tests;

/// <summary>Another module's YamlDotNet, SQLite and zstd, of whatever version and loaded whenever, change nothing for us, and ours nothing for it.</summary>
[Collection(PackageGroup.Name)]
public sealed class IsolationTests(PackageFixture package)
{
    [OlderTheory]
    [InlineData("before")]
    [InlineData("after")]
    public void Older_libraries_of_another_module(string order) => BothWork("older", order);

    [Theory]
    [InlineData("same", "before")]
    [InlineData("same", "after")]
    [InlineData("newer", "before")]
    [InlineData("newer", "after")]
    public void Other_libraries_of_another_module(string kind, string order) => BothWork(kind, order);

    private void BothWork(string kind, string order)
    {
        using var scratch = new ScratchFolder();
        var other = scratch.Combine("Other");
        var dependencies = Path.Combine(package.ModulePath, "dependencies");
        OtherLibraries.Write(other, kind, dependencies);
        var libraries = Directory.GetFiles(other, "*.dll").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal).ToArray();
        File.WriteAllText(Path.Combine(other, "Other.psd1"), $"@{{ ModuleVersion = '1.0'; RequiredAssemblies = @('{string.Join("', '", libraries)}') }}");

        var result = HostProcess.Run(
            "-NoStandIns", "-File", Path.Combine(AppContext.BaseDirectory, "Isolation.ps1"), "-LayerStore", package.ModulePath, "-Other", other, "-Order", order,
            "-Work", Directory.CreateDirectory(scratch.Combine("work")).FullName, "-Small", Path.Combine(HostProcess.RepositoryPath, "tests", "LayerStore.Core.Tests", "data", "small.tar"));

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["ours: 0 small:latest vfs 1", "ours: 0 small:latest vfs 1"], lines.Where(line => line.StartsWith("ours:", StringComparison.Ordinal)));
        Assert.Equal(order == "before" ? 2 : 1, lines.Count(line => line == "other: 1 True 42"));
        foreach (var name in (string[])["YamlDotNet", "Microsoft.Data.Sqlite", "ZstdSharp"])
        {
            // Each side has its own, whatever the other has.
            Assert.Contains($"other uses {name} {Version(Path.Combine(other, name + ".dll"))} of {other}", lines);
            Assert.Contains($"private has {name} {Version(Path.Combine(dependencies, name + ".dll"))} of True", lines);
        }
        Assert.Equal(["default has LayerStore.Loader", "default has LayerStore.PS"], lines.Where(line => line.StartsWith("default has ", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(lines, line => line.StartsWith("private has", StringComparison.Ordinal) && line.EndsWith("False", StringComparison.Ordinal));
    }

    private static Version Version(string file) => AssemblyName.GetAssemblyName(file).Version!;
}
