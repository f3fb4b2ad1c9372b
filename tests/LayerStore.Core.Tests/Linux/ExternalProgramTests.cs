using LayerStore.Linux;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Kernel;

/// <summary>What counts as a program of the machine: what a shell would run.</summary>
[Collection(EnvironmentCollection.Name)]
public sealed class ExternalProgramTests : IDisposable
{
    private const string Name = "layerstore-program";

    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Links_that_lead_nowhere_directories_and_files_that_nobody_may_run_are_passed_over()
    {
        var (program, link) = (Path.Combine(_directory.Make("real"), "tool"), Path.Combine(_directory.Make("link"), Name));
        File.WriteAllText(program, "#!/bin/sh\necho ran\n");
        File.SetUnixFileMode(program, (UnixFileMode)0x1ED);
        File.CreateSymbolicLink(Path.Combine(_directory.Make("dangling"), Name), "nowhere");
        _directory.Make("directory/" + Name);
        File.WriteAllText(Path.Combine(_directory.Make("plain"), Name), "#!/bin/sh\n");
        File.SetUnixFileMode(_directory["plain/" + Name], (UnixFileMode)0x1A4);
        using var environment = new EnvironmentScope(("PATH", string.Join(':', new[] { "dangling", "directory", "plain", "link" }.Select(name => _directory[name]))));

        Assert.Null(ExternalProgram.Find(Name));
        Assert.Equal(ErrorIds.ProgramMissing, Assert.Throws<StoreException>(() => ExternalProgram.Run(Name, "package")).ErrorId);
        File.CreateSymbolicLink(link, program);
        Assert.Equal(link, ExternalProgram.Find(Name));
        Assert.Equal("ran\n", ExternalProgram.Run(Name, "package"));
    }
}
