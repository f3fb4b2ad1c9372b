using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using LayerStore.Tools.Tests;
using Xunit;

namespace LayerStore.Package.Tests;

/// <summary>What the package holds and says of itself.</summary>
[Collection(PackageGroup.Name)]
public sealed class ContentTests(PackageFixture package)
{
    // The limit that the project sets itself; the Gallery's is higher.
    private const long Limit = 10_000_000;

    [Fact]
    public void It_is_small_and_has_the_natives_of_every_platform_on_which_a_store_can_live()
    {
        using var zip = ZipFile.OpenRead(package.PackagePath);
        var names = zip.Entries.Select(entry => entry.FullName).ToArray();

        Assert.InRange(new FileInfo(package.PackagePath).Length, 1, Limit);
        foreach (var platform in (string[])["linux-x64", "linux-arm64", "linux-musl-x64", "linux-musl-arm64"])
            Assert.Contains($"dependencies/runtimes/{platform}/native/libe_sqlite3.so", names);
        foreach (var platform in (string[])["linux-x64", "linux-arm64"])
            Assert.Contains($"dependencies/{platform}/LayerStore.Core.dll", names);
        // Without it Get-Help makes something up, and nobody notices.
        Assert.Contains("en-US/LayerStore.PS.dll-Help.xml", names);
        Assert.Equal(names.Distinct(StringComparer.OrdinalIgnoreCase), names);
    }

    [Fact]
    public void It_holds_nothing_that_is_only_for_building_or_comes_with_PowerShell()
    {
        using var zip = ZipFile.OpenRead(package.PackagePath);
        foreach (var entry in zip.Entries)
        {
            Assert.DoesNotContain(Path.GetExtension(entry.Name), (string[])[".pdb", ".cs", ".md", ".tmp"]);
            Assert.DoesNotContain(entry.Name, (string[])["System.Management.Automation.dll", "Newtonsoft.Json.dll", "LayerStore.Core.xml"]);
            // When it was made must not show.
            Assert.Equal(1980, entry.LastWriteTime.Year);
        }
        Assert.NotNull(zip.GetEntry("LICENSE"));
        Assert.NotNull(zip.GetEntry("THIRD-PARTY-NOTICES.txt"));
    }

    [Fact]
    public void Every_library_in_it_is_one_that_ours_refer_to_and_the_notices_name()
    {
        var notices = package.ReadText("THIRD-PARTY-NOTICES.txt");
        using var zip = ZipFile.OpenRead(package.PackagePath);
        var libraries = zip.Entries.Where(entry => entry.Name.EndsWith(".dll", StringComparison.Ordinal)).ToArray();
        var needed = libraries.SelectMany(References).ToHashSet();
        foreach (var name in libraries.Select(entry => Path.GetFileNameWithoutExtension(entry.Name)))
        {
            Assert.Contains(name.Split('.')[0], notices, StringComparison.Ordinal);
            // The last is loaded by its name, by Microsoft.Data.Sqlite.
            Assert.True(name is "LayerStore.PS" or "LayerStore.Loader" or "SQLitePCLRaw.batteries_v2" || needed.Contains(name), $"Nothing loads {name}.");
        }
    }

    [Fact]
    public void Every_part_has_a_content_type()
    {
        var types = XDocument.Parse(package.ReadText("[Content_Types].xml")).Root!.Elements().ToArray();
        var known = types.Select(type => type.Attribute("Extension")?.Value ?? type.Attribute("PartName")!.Value).ToArray();
        using var zip = ZipFile.OpenRead(package.PackagePath);
        foreach (var name in zip.Entries.Select(entry => entry.FullName).Where(name => name != "[Content_Types].xml"))
            Assert.Contains(Path.GetExtension(name) is { Length: > 0 } extension ? extension.TrimStart('.') : "/" + name, known);
        Assert.Equal(known.Distinct(StringComparer.OrdinalIgnoreCase), known);
    }

    [Fact]
    public void The_specification_says_what_the_manifest_says()
    {
        var metadata = XDocument.Parse(package.ReadText("LayerStore.nuspec")).Root!.Elements().Single().Elements().ToDictionary(element => element.Name.LocalName, element => element.Value);
        var manifest = Manifest("id=LayerStore", "version=$($m.Version)", "authors=$($m.Author)", "owners=$($m.CompanyName)", "licenseUrl=$($m.LicenseUri)", "projectUrl=$($m.ProjectUri)",
            "iconUrl=$($m.IconUri)", "description=$($m.Description)", "copyright=$($m.Copyright)", "releaseNotes=$($m.ReleaseNotes)");

        foreach (var (name, value) in manifest)
            Assert.Equal(value, metadata[name]);
        Assert.Equal("false", metadata["requireLicenseAcceptance"]);
        Assert.Equal(manifest.Count + 2, metadata.Count);
        Assert.StartsWith("PSModule PSEdition_Core Linux MacOS Windows ", metadata["tags"], StringComparison.Ordinal);
        Assert.Contains(" PSCmdlet_New-Container PSCommand_New-Container ", metadata["tags"], StringComparison.Ordinal);
        // The Gallery's own limit.
        Assert.InRange(metadata["tags"].Length, 1, 4000);
    }

    [Fact]
    public void The_manifest_is_complete()
    {
        var manifest = Manifest("PowerShellVersion=$($m.PowerShellVersion)", "Editions=$($m.CompatiblePSEditions -join ' ')", "Tags=$($m.Tags -join ' ')", "Project=$($m.ProjectUri)",
            "Licence=$($m.LicenseUri)", "Icon=$($m.IconUri)", "Notes=$($m.ReleaseNotes)", "Root=$($m.RootModule)", "Exported=$($m.ExportedCommands.Count)", "Required=$($m.RequiredAssemblies.Count)");

        Assert.Equal("7.6", manifest["PowerShellVersion"]);
        Assert.Equal("Core", manifest["Editions"]);
        Assert.Contains("PSEdition_Core", manifest["Tags"], StringComparison.Ordinal);
        Assert.StartsWith("https://", manifest["Project"], StringComparison.Ordinal);
        Assert.EndsWith("/MIT", manifest["Licence"], StringComparison.Ordinal);
        Assert.Contains("MIT", package.ReadText("LICENSE"), StringComparison.Ordinal);
        Assert.Equal("LayerStore.PS.dll", manifest["Root"]);
        Assert.True(int.Parse(manifest["Exported"], System.Globalization.CultureInfo.InvariantCulture) > 30);
        Assert.Equal("0", manifest["Required"]);
        Assert.NotEmpty(manifest["Notes"]);
        Assert.Contains(manifest["Notes"], File.ReadAllText(Path.Combine(HostProcess.RepositoryPath, "CHANGELOG.md")), StringComparison.Ordinal);
        // The address names a file of the repository.
        var icon = Path.Combine(HostProcess.RepositoryPath, manifest["Icon"].Split("/main/")[1]);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(icon)[..4]);
    }

    [Fact]
    public void Packing_again_gives_the_same_bytes()
    {
        var stage = package.Combine("again");
        ZipFile.ExtractToDirectory(package.PackagePath, stage);
        foreach (var name in (string[])["LayerStore.nuspec", "[Content_Types].xml", "_rels/.rels"])
            File.Delete(Path.Combine(stage, name));
        Directory.Delete(Path.Combine(stage, "_rels"));
        foreach (var file in Directory.GetFiles(stage, "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, new DateTime(2020, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        Directory.CreateDirectory(package.Combine("packed"));

        var second = PackageFixture.Run($"New-Package '{stage}' '{package.Combine("packed")}'").Trim();

        Assert.Equal(Path.GetFileName(package.PackagePath), Path.GetFileName(second));
        Assert.Equal(File.ReadAllBytes(package.PackagePath), File.ReadAllBytes(second));
    }

    /// <summary>What PowerShell itself reads in the installed manifest: a name and an expression of $m each.</summary>
    private Dictionary<string, string> Manifest(params string[] fields)
    {
        const char Separator = '\u001f';
        var output = PackageFixture.Run($"$m = Test-ModuleManifest '{package.ModulePath}/LayerStore.psd1'; \"{string.Join(Separator, fields)}\"");
        return output.TrimEnd('\n').Split(Separator).ToDictionary(field => field[..field.IndexOf('=', StringComparison.Ordinal)], field => field[(field.IndexOf('=', StringComparison.Ordinal) + 1)..]);
    }

    private static IEnumerable<string> References(ZipArchiveEntry library)
    {
        using var bytes = new MemoryStream();
        using (var stream = library.Open())
            stream.CopyTo(bytes);
        bytes.Position = 0;
        using var image = new PEReader(bytes);
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(reference => metadata.GetString(metadata.GetAssemblyReference(reference).Name))];
    }
}
