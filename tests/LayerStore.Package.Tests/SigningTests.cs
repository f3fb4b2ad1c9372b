using System.IO.Compression;
using LayerStore.Tools.Tests;
using Xunit;

namespace LayerStore.Package.Tests;

/// <summary>-Sign gets our own files and nobody else's, before they are packed.</summary>
[Collection(PackageGroup.Name)]
public sealed class SigningTests : IDisposable
{
    private const string Mark = "# SIG # Begin signature block";

    private readonly ScratchFolder _scratch = new();
    private readonly string _stage;

    public SigningTests(PackageFixture package)
    {
        _stage = _scratch.Combine("stage");
        ZipFile.ExtractToDirectory(package.PackagePath, _stage);
    }

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("{ param($Files) foreach ($file in $Files) { [IO.File]::AppendAllText($file, $mark); [IO.File]::AppendAllText($log, \"$file`n\") } }")]
    [InlineData("'$script'")]
    public void It_may_be_a_script_block_or_a_script(string sign)
    {
        var log = _scratch.Combine("log");
        var script = _scratch.Write("sign.ps1", $"param([string[]] $Files) foreach ($file in $Files) {{ [IO.File]::AppendAllText($file, '{Mark}'); [IO.File]::AppendAllText('{log}', \"$file`n\") }}");

        var output = Run(sign.Replace("$script", script, StringComparison.Ordinal), log, "; New-Package '" + _stage + "' '" + _scratch.Combine("") + "'");

        var signed = File.ReadAllLines(log).Select(file => Path.GetRelativePath(_stage, file)).ToArray();
        Assert.Equal(
            [
                "LayerStore.Format.ps1xml", "LayerStore.Loader.dll", "LayerStore.PS.dll", "LayerStore.Types.ps1xml", "LayerStore.psd1",
                "dependencies/LayerStore.Core.dll", "dependencies/linux-arm64/LayerStore.Core.dll", "dependencies/linux-x64/LayerStore.Core.dll",
            ],
            signed);
        Assert.Contains("8 files were signed.", output.Output, StringComparison.Ordinal);
        using var zip = ZipFile.OpenRead(Assert.Single(Directory.GetFiles(_scratch.Combine(""), "*.nupkg")));
        using var reader = new StreamReader(zip.GetEntry("LayerStore.psd1")!.Open());
        Assert.EndsWith(Mark, reader.ReadToEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ param($Files) [IO.File]::AppendAllText($Files[0], $mark) }", "LayerStore.Loader.dll unsigned")]
    [InlineData("{ param($Files) /bin/false }", "failed with exit code 1")]
    [InlineData("{ throw 'no certificate' }", "no certificate")]
    public void What_is_not_signed_is_not_packed(string sign, string told)
    {
        var result = Run(sign, _scratch.Combine("log"), "");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(told, string.Join(' ', (result.Output + result.Error).Split((string[])["\n", " ", "|"], StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private HostResult Run(string sign, string log, string after) =>
        PackageFixture.TryRun($"$mark = '{Mark}'; $log = '{log}'; $Sign = {sign}; Invoke-Signing '{_stage}'{after}");
}
