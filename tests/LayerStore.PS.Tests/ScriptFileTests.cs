using System.Management.Automation.Language;
using System.Text;
using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>What PSScriptAnalyzer asks of files: readable everywhere, and a manifest that says exactly what it exports.</summary>
public sealed class ScriptFileTests
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    [Fact]
    public void Scripts_and_data_files_are_clean_UTF_8_and_parse()
    {
        var files = ((string[])["*.ps1", "*.psd1", "*.ps1xml", "*.help.txt"]).SelectMany(pattern => Directory.GetFiles(Session.RepositoryPath, pattern, SearchOption.AllDirectories))
            .Where(file => !Path.GetRelativePath(Session.RepositoryPath, file).Split('/').Intersect(["bin", "obj", "out"]).Any()).ToArray();
        Assert.True(files.Length > 20, $"Only {files.Length} files were found.");
        foreach (var file in files)
        {
            var bytes = File.ReadAllBytes(file);
            Assert.False(bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble), $"{file} begins with a byte order mark");
            var text = Strict.GetString(bytes);
            Assert.False(text.Contains('\r', StringComparison.Ordinal) || text.Contains('\t', StringComparison.Ordinal), $"{file} has carriage returns or tabs");
            Assert.EndsWith("\n", text, StringComparison.Ordinal);
            if (Path.GetExtension(file) is not (".ps1" or ".psd1"))
                continue;
            Parser.ParseInput(text, file, out _, out var errors);
            Assert.True(errors.Length == 0, string.Join('\n', errors.Select(error => $"{file}: {error}")));
        }
    }

    [Fact]
    public void The_manifest_exports_by_name_and_uses_nothing_that_is_out_of_date()
    {
        var text = File.ReadAllText(Path.Combine(Session.RepositoryPath, "LayerStore.psd1"));
        Assert.All(text, character => Assert.True(char.IsAscii(character), $"'{character}' needs a byte order mark in older readers"));
        var table = (HashtableAst)Parser.ParseInput(text, out _, out _).Find(ast => ast is HashtableAst, searchNestedScriptBlocks: false);
        var manifest = (System.Collections.Hashtable)table.SafeGetValue();

        foreach (var field in (string[])["FunctionsToExport", "CmdletsToExport", "VariablesToExport", "AliasesToExport"])
            Assert.All(Assert.IsType<object[]>(manifest[field]), name => Assert.DoesNotContain('*', (string)name));
        foreach (var field in (string[])["Author", "Description", "ModuleVersion", "GUID", "CompatiblePSEditions", "PowerShellVersion"])
            Assert.NotNull(manifest[field]);
        // Each of them breaks something: DefaultCommandPrefix renames the cmdlets, the others are of older formats or hold for Windows alone.
        foreach (var field in (string[])["ModuleToProcess", "DefaultCommandPrefix", "ProcessorArchitecture", "HelpInfoURI", "RequiredAssemblies", "FileList"])
            Assert.False(manifest.ContainsKey(field), field);
    }
}
