using Xunit;

namespace LayerStore.Tools.Tests;

/// <summary>The folder that the build gives to a run of tests.</summary>
public sealed class TestFolderTests
{
    [Fact]
    public void A_new_run_removes_the_folders_of_dead_ones_and_nothing_else()
    {
        using var scratch = new ScratchFolder();
        var dead = Directory.CreateDirectory(scratch.Combine($"layerstore-test-{int.MaxValue}-abcdef"));
        File.WriteAllText(Path.Combine(dead.FullName, "file"), "");
        string[] others = [$"layerstore-test-{Environment.ProcessId}-abcdef", "layerstore-test-x-abcdef", $"layerstore-test-{int.MaxValue}", "other"];
        foreach (var other in others)
        {
            Directory.CreateDirectory(scratch.Combine(other));
        }

        var parts = Path.Combine(HostProcess.RepositoryPath, "tools", "build", "Tests.ps1");
        var run = HostProcess.Run("-Command", $"[Environment]::SetEnvironmentVariable('TMPDIR', '{scratch.Combine("")}'); . '{parts}'; New-TestFolder");

        var made = Path.GetFileName(run.Output.Trim());
        Assert.Matches("^layerstore-test-[0-9]+-[A-Za-z0-9]{6}$", made);
        Assert.Equal(others.Append(made).Order(StringComparer.Ordinal), Directory.GetDirectories(scratch.Combine("")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }
}
