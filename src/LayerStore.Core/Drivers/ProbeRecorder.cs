using System.Runtime.InteropServices;

namespace LayerStore.Drivers;

/// <summary>Collects a probe's checks: a failure of any kind becomes evidence, never an exception.</summary>
internal sealed class ProbeRecorder
{
    private readonly List<ProbeCheck> _checks = [];

    /// <summary>Probes where Linux runs, and says so where it does not; gives the report.</summary>
    /// <param name="driver">The driver's name.</param>
    /// <param name="directory">What is probed.</param>
    /// <param name="probe">Makes the checks.</param>
    public ProbeReport OnLinux(string driver, string directory, Action probe)
    {
        if (OperatingSystem.IsLinux())
            probe();
        else
            Check("linux", true, "Run it on Linux.", () => (false, $"this is {RuntimeInformation.OSDescription}"));
        return new ProbeReport(driver, directory, _checks);
    }

    /// <summary>Probes in a directory of its own, where one can be made; it goes again.</summary>
    /// <param name="parent">An existing directory.</param>
    /// <param name="probe">Makes the checks in it.</param>
    /// <param name="prepare">What has to be possible in it before anything else, and the evidence that it was; null where the directory itself is enough.</param>
    public void InDirectory(string parent, Action<ProbeDirectory> probe, Func<ProbeDirectory, string>? prepare = null)
    {
        ProbeDirectory? place = null;
        try
        {
            var writable = Check("writable", true, "Use an existing directory that this user may write.", () =>
            {
                place = new ProbeDirectory(parent);
                return (true, prepare?.Invoke(place) ?? "a directory could be made");
            });
            if (writable)
                probe(place!);
        }
        finally
        {
            place?.Dispose();
        }
    }

    /// <summary>Makes one check.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="required">Whether the driver cannot do without.</param>
    /// <param name="remedy">What would make it pass.</param>
    /// <param name="attempt">Tries it, and says what came back.</param>
    /// <returns>Whether it passed.</returns>
    public bool Check(string name, bool required, string remedy, Func<(bool Passed, string Evidence)> attempt)
    {
        bool passed;
        string evidence;
        try
        {
            (passed, evidence) = attempt();
        }
        catch (Exception e) when (e is StoreException or IOException or UnauthorizedAccessException or DllNotFoundException or EntryPointNotFoundException)
        {
            (passed, evidence) = (false, e.Message);
        }
        _checks.Add(new ProbeCheck(name, passed, required, evidence, passed ? "" : remedy));
        return passed;
    }
}
