using LayerStore.Linux;

namespace LayerStore.Drivers.Zfs;

/// <summary>One of the programs, as the machine has it.</summary>
internal sealed class ZfsProgram(string name) : IZfsProgram
{
    private const string Package = "zfsutils-linux";

    public ZfsResult Run(params IReadOnlyList<string> arguments)
    {
        var (code, output, error) = ExternalProgram.TryRun(name, Package, arguments);
        return new ZfsResult(code, output, error);
    }
}
