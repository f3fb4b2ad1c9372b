namespace LayerStore.Recommendation;

/// <summary>Ranks drivers for a workload, by what was found out about them in a place and by what is known of them.</summary>
public static class DriverRecommender
{
    // A check that a driver can do without is worth less than anything that is known of the driver.
    private const int MissingCheck = -2;

    /// <summary>Ranks every driver for a workload, by what <see cref="Store.ListDrivers"/> finds out about a root. Leaves nothing behind.</summary>
    /// <param name="root">The root.</param>
    /// <param name="workload">What the store is mainly used for.</param>
    /// <param name="rootless">True where whoever uses it is not root, whoever asks; <see cref="StorageWorkload.Rootless"/> says the same of a store that is used for a bit of everything.</param>
    /// <exception cref="StoreException">As for <see cref="Store.ListDrivers"/>.</exception>
    public static IReadOnlyList<DriverRecommendation> Recommend(string root, StorageWorkload workload, bool rootless = false) => Rank(Store.ListDrivers(root), workload, rootless);

    /// <summary>The drivers that can be used, best first; and then those that cannot, with what they lack.</summary>
    internal static IReadOnlyList<DriverRecommendation> Rank(IReadOnlyList<StorageDriver> drivers, StorageWorkload workload, bool rootless = false)
    {
        var holders = drivers.Where(driver => driver.HoldsData).Select(driver => driver.Name).ToArray();
        return
        [
            .. drivers.Select(driver => Judge(driver, workload, rootless || workload == StorageWorkload.Rootless, holders))
                .OrderByDescending(judged => judged.Supported).ThenByDescending(judged => judged.Score)
                .Select((judged, index) => judged with { Rank = index + 1 }),
        ];
    }

    private static DriverRecommendation Judge(StorageDriver driver, StorageWorkload workload, bool rootless, string[] holders)
    {
        StorageWorkload[] workloads = rootless ? [workload, StorageWorkload.Rootless] : [workload];
        var statements = DriverKnowledge.All.Where(statement => statement.Applies(driver, workloads)).Select(statement => (statement.Points, statement.Text)).ToList();
        statements.AddRange(driver.Checks.Where(check => !check.Passed && !check.Required && DriverKnowledge.All.All(known => known.Driver != driver.Name || known.Check != check.Name))
            .Select(check => (MissingCheck, $"Without {check.Name}: {check.Evidence.TrimEnd('.')}.")));
        var refusal = !driver.Supported ? $"It does not work here: {driver.Reason}."
            : rootless && driver.RequiresRoot ? "Only root can use it."
            : null;
        var caveats = statements.Where(statement => statement.Points < 0).OrderBy(statement => statement.Points).Select(statement => statement.Text).ToList();
        if (refusal is not null)
            caveats.Insert(0, refusal);
        if (holders.Length > 0 && !holders.Contains(driver.Name))
            caveats.Add($"The store here has the driver {string.Join(", ", holders)}: another one takes another root.");
        return new DriverRecommendation
        {
            Rank = 0,
            Driver = driver.Name,
            Score = refusal is null ? Math.Clamp(DriverKnowledge.Start + statements.Sum(statement => statement.Points), 1, 100) : 0,
            Supported = refusal is null,
            Reason = [.. statements.Where(statement => statement.Points > 0).OrderByDescending(statement => statement.Points).Select(statement => statement.Text)],
            Caveat = caveats,
            Workload = workload,
            Root = driver.Root,
        };
    }
}
