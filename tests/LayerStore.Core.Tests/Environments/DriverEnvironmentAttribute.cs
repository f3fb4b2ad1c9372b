namespace LayerStore.Tests.Environments;

/// <summary>
/// Says on which environment of which driver the tests of a class are: what <c>./build.sh conformance</c> prints a line for. Classes with the same driver and name
/// are of one environment. This is the only place where an environment is declared.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class DriverEnvironmentAttribute(string driver, string name) : Attribute
{
    /// <summary>The driver that is tested.</summary>
    public string Driver { get; } = driver;

    /// <summary>What it stands on, as in "zfs on NAME": <c>ext4</c>, <c>OpenZFS 2.1</c>.</summary>
    public string Name { get; } = name;

    /// <summary>Runs on a kernel of tests/guest instead of the host's, and is no part of an ordinary run of the tests.</summary>
    public bool InGuest { get; init; }

    /// <summary>The guest has OpenZFS.</summary>
    public bool Zfs { get; init; }

    /// <summary>Needs a feature that the guest's usual kernel lacks, and so the kernel that <c>LAYERSTORE_GUEST_KERNEL</c> names.</summary>
    public string? OtherKernelFor { get; init; }

    /// <summary>Runs the demo: it needs the built module and a PowerShell, which the build names in <see cref="DemoStory.ShellVariable"/>.</summary>
    public bool Demo { get; init; }

    /// <summary>Programs that it needs, each with its Debian package: <c>lvm (lvm2)</c>.</summary>
    public string[] Programs { get; init; } = [];
}
