using System.Globalization;

namespace LayerStore.Tests.Environments;

/// <summary>
/// Runs the environments of the drivers and prints a line for each: <c>conformance GUEST-FOLDER MEMORY-FOLDER SUMMARY [driver=NAME] [filter=TEXT] [place=host|guest] [fresh]</c>.
/// The summary file gets a line for each environment: title, passed, failed, skipped and seconds, with tabs between.
/// </summary>
internal sealed class ConformanceProgram
{
    private readonly string _guestFolder;
    private readonly ResultMemory _memory;
    private readonly bool _fresh;
    private readonly string _filter;
    private readonly Dictionary<(bool Zfs, bool OtherKernel), Guest> _guests = [];

    private ConformanceProgram(string guestFolder, string memory, bool fresh, string filter) =>
        (_guestFolder, _memory, _fresh, _filter) = (guestFolder, new ResultMemory(memory), fresh, filter);

    public static int Run(string[] arguments)
    {
        string Option(string name) => Array.Find(arguments, word => word.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..] ?? "";
        var (driver, filter, place) = (Option("driver"), Option("filter"), Option("place"));
        var environments = DriverEnvironment.All.Where(one =>
            (driver.Length == 0 || one.Declaration.Driver == driver)
            && (place.Length == 0 || one.Declaration.InGuest == (place == "guest"))
            && one.TestsNamed(filter).Any()).ToList();
        if (environments.Count == 0 && driver.Length > 0)
        {
            Console.WriteLine($"No environment of a driver '{driver}' is declared; there are {string.Join(", ", DriverEnvironment.All.Select(one => one.Declaration.Driver).Distinct())}.");
            return 2;
        }
        var program = new ConformanceProgram(arguments[0], arguments[1], arguments.Contains("fresh"), filter);
        var results = program.Run(environments);
        if (Guest.Interrupted)
            return 130;
        foreach (var result in results)
            Print(result);
        File.WriteAllLines(arguments[2], results.Select(result =>
            string.Create(CultureInfo.InvariantCulture, $"{result.Title}\t{result.Passed}\t{result.Failed}\t{result.Skipped}\t{(result.Remembered ? 0 : result.Seconds):0.0}")));
        return results.Any(result => result.Failed > 0) ? 1 : 0;
    }

    private List<EnvironmentResult> Run(IReadOnlyList<DriverEnvironment> environments)
    {
        var results = new Dictionary<DriverEnvironment, EnvironmentResult>();
        var open = new List<DriverEnvironment>();
        foreach (var environment in environments)
        {
            if ((environment.Missing ?? GuestOf(environment).Missing) is { } reason)
                results[environment] = EnvironmentResult.Unavailable(environment, reason);
            else if (Remembers(environment) && !_fresh && _memory.Recall(environment, KeyOf(environment)) is { } remembered)
                results[environment] = remembered;
            else
                open.Add(environment);
        }
        Parallel.ForEach(Share(open), members =>
        {
            var guest = GuestOf(members.Find(one => one.Declaration.Zfs) ?? members[0]);
            Console.WriteLine($"Running {string.Join(", ", members.Select(one => one.Title))} ...");
            var (report, ended) = guest.Run(_filter, members.SelectMany(one => one.Classes).Select(type => type.FullName!));
            foreach (var member in members)
            {
                var result = EnvironmentResult.Of(member, report, ended);
                if (Remembers(member))
                    _memory.Keep(KeyOf(member), result);
                lock (results)
                    results[member] = result;
            }
        });
        return [.. environments.Select(environment => results[environment])];
    }

    /// <summary>What runs in one place: all of the host's, and in guests, which have one processor each, about as much in each of two.</summary>
    private IEnumerable<List<DriverEnvironment>> Share(IEnumerable<DriverEnvironment> environments)
    {
        foreach (var group in environments.GroupBy(one => (one.Declaration.InGuest, Other: one.Declaration.OtherKernelFor is not null)))
        {
            var shares = Enumerable.Range(0, group.Key.InGuest ? Math.Min(2, Environment.ProcessorCount) : 1).Select(_ => new List<DriverEnvironment>()).ToList();
            foreach (var one in group.OrderByDescending(Weight))
                shares.MinBy(share => share.Sum(Weight))!.Add(one);
            foreach (var share in shares.Where(share => share.Count > 0))
                yield return share;
        }

        int Weight(DriverEnvironment environment) => environment.TestsNamed(_filter).Count() * SecondsOfOneTest(environment.Declaration);
    }

    // About: the demo and the cmdlets' story are long, LVM without udev waits at each step, pools are made anew for most tests.
    private static int SecondsOfOneTest(DriverEnvironmentAttribute declaration) => declaration switch
    {
        { Demo: true } => 20,
        { Name: "direct-lvm" } => 8,
        { Driver: "zfs" or "devicemapper" } => 3,
        _ => 1,
    };

    // The host's are quick; of some tests alone nothing is to be concluded.
    private bool Remembers(DriverEnvironment environment) => environment.Declaration.InGuest && _filter.Length == 0;

    private string KeyOf(DriverEnvironment environment) => _memory.Key(environment, GuestOf(environment).Files);

    private Guest GuestOf(DriverEnvironment environment)
    {
        var declaration = environment.Declaration;
        if (!declaration.InGuest)
            return Guest.Host;
        lock (_guests)
        {
            var kind = (declaration.Zfs, declaration.OtherKernelFor is not null);
            if (!_guests.TryGetValue(kind, out var guest))
                _guests[kind] = guest = Guest.Look(_guestFolder, kind.Zfs, kind.Item2);
            return guest;
        }
    }

    private static void Print(EnvironmentResult result)
    {
        var when = result.Remembered ? string.Create(CultureInfo.InvariantCulture, $" (unchanged since it ran at {result.When:yyyy-MM-dd HH:mm:ss zzz})") : "";
        Console.WriteLine($"{result.Title}: {result.Passed} passed, {result.Failed} failed, {result.Skipped} skipped{when}");
        foreach (var one in result.Cases.Where(one => one.Outcome != CaseResult.Passed))
        {
            Console.WriteLine($"  {(one.Outcome == CaseResult.Failed ? "FAILED" : "skipped")} {one.Name}");
            Console.WriteLine($"    {(one.Why ?? "no reason was given").Trim().Replace("\n", "\n    ", StringComparison.Ordinal)}");
        }
    }
}
