namespace LayerStore.Bench.Measuring;

/// <summary>Somebody who does the work of a row: only <see cref="Run"/> is measured.</summary>
/// <param name="Name">How the row calls it.</param>
/// <param name="Run">The work.</param>
internal sealed record Contender(string Name, Action Run)
{
    /// <summary>Makes ready for one run; not measured.</summary>
    public Action Prepare { get; init; } = () => { };

    /// <summary>Removes what one run made; not measured.</summary>
    public Action Clean { get; init; } = () => { };

    /// <summary>True for slow ones: they run <see cref="BenchOptions.PeerRounds"/> times.</summary>
    public bool IsSlow { get; init; }

    /// <summary>What a reader must know of it: whether it syncs, what start-up it includes.</summary>
    public string Remark { get; init; } = "";

    /// <summary>Why it cannot run here; null where it can.</summary>
    public string? Missing { get; init; }

    /// <summary>A contender that is not here.</summary>
    public static Contender Absent(string name, string whyNot) => new(name, () => { }) { Missing = whyNot };
}
