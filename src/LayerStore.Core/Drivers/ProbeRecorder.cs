namespace LayerStore.Drivers;

/// <summary>Collects a probe's checks: a failure of any kind becomes evidence, never an exception.</summary>
internal sealed class ProbeRecorder
{
    private readonly List<ProbeCheck> _checks = [];

    public IReadOnlyList<ProbeCheck> Checks => _checks;

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
