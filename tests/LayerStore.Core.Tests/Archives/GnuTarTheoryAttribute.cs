using System.Diagnostics;

namespace LayerStore.Tests.Archives;

/// <summary>A theory that needs GNU tar.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GnuTarTheoryAttribute : TheoryAttribute
{
    public GnuTarTheoryAttribute()
    {
        try
        {
            using var tar = Process.Start(new ProcessStartInfo("tar", "--version") { RedirectStandardOutput = true })!;
            if (!tar.StandardOutput.ReadToEnd().Contains("GNU tar", StringComparison.Ordinal))
                Skip = "The tar of this machine is not GNU tar.";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Skip = "There is no tar on this machine; install GNU tar.";
        }
    }
}
