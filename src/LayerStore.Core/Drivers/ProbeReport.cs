namespace LayerStore.Drivers;

/// <summary>What a driver found out about a directory. A probe never throws and leaves nothing behind.</summary>
/// <param name="Driver">The driver's name.</param>
/// <param name="Path">The directory that was probed.</param>
/// <param name="Checks">Every check, in the order in which they were made.</param>
public sealed record ProbeReport(string Driver, string Path, IReadOnlyList<ProbeCheck> Checks)
{
    /// <summary>A probe that reads the driver's options before it begins: where the driver does not take them, nothing but that is found out.</summary>
    internal static ProbeReport WithOptions(string driver, string path, Func<ProbeReport> probe)
    {
        try
        {
            return probe();
        }
        catch (StoreException wrong)
        {
            return new ProbeReport(driver, path, [new ProbeCheck("options", Passed: false, Required: true, wrong.Message, wrong.RecommendedAction)]);
        }
    }

    /// <summary>True where every required check passed.</summary>
    public bool Supported => Checks.All(check => check.Passed || !check.Required);

    /// <summary>The first required check that failed; null where the driver works.</summary>
    public ProbeCheck? Failure => Checks.FirstOrDefault(check => !check.Passed && check.Required);
}
