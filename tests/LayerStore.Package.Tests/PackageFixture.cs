using System.IO.Compression;
using System.Text;
using LayerStore.Tools.Tests;
using Xunit;

namespace LayerStore.Package.Tests;

/// <summary>The package, and the module that is installed from it.</summary>
public sealed class PackageFixture : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public PackageFixture()
    {
        // The task Test has made one already.
        PackagePath = Environment.GetEnvironmentVariable("LAYERSTORE_PACKAGE") is { Length: > 0 } path ? path : Build();
        ModulesPath = Combine("Modules");
        ModulePath = Run($"Install-Package '{PackagePath}' '{ModulesPath}'").Trim();
    }

    /// <summary>The .nupkg.</summary>
    public string PackagePath { get; }

    /// <summary>A folder of modules, as <c>PSModulePath</c> names them.</summary>
    public string ModulesPath { get; }

    /// <summary>The folder of the installed version.</summary>
    public string ModulePath { get; }

    public string Combine(string name) => _scratch.Combine(name);

    public void Dispose() => _scratch.Dispose();

    public byte[] Read(string entry)
    {
        using var zip = ZipFile.OpenRead(PackagePath);
        using var stream = zip.GetEntry(entry)!.Open();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    public string ReadText(string entry) => Encoding.UTF8.GetString(Read(entry));

    /// <summary>Runs a script with the build's functions; what it wrote. It must not fail.</summary>
    internal static string Run(string script, string? root = null)
    {
        var result = TryRun(script, root);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        return result.Output;
    }

    /// <summary>Runs a script with the build's functions on a checkout, this one if none is named.</summary>
    internal static HostResult TryRun(string script, string? root = null)
    {
        using var scratch = new ScratchFolder();
        var file = scratch.Write("run.ps1", $$"""
            $repository = '{{HostProcess.RepositoryPath}}'
            $root = '{{root ?? HostProcess.RepositoryPath}}'
            . '{{Path.Combine(AppContext.BaseDirectory, "BuildFunctions.ps1")}}'
            {{script}}
            """);
        return HostProcess.Run("-NoStandIns", "-File", file);
    }

    private string Build()
    {
        var result = HostProcess.Run("-NoStandIns", "-File", Path.Combine(HostProcess.RepositoryPath, "build.ps1"), "Package", "-Destination", Combine("package"));
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        return Assert.Single(Directory.GetFiles(Combine("package"), "*.nupkg"));
    }
}
