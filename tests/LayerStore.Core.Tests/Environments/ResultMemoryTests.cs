using LayerStore.Tests.Support;

namespace LayerStore.Tests.Environments;

public sealed class ResultMemoryTests : IDisposable
{
    private static readonly DriverEnvironment s_environment = new(new DriverEnvironmentAttribute("driver", "something"), [typeof(ResultMemoryTests)]);
    private readonly TestDirectory _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void What_passed_is_remembered_with_its_time_and_what_failed_is_not()
    {
        var memory = new ResultMemory(_place["memory"]);
        var passed = new EnvironmentResult(s_environment.Title, DateTimeOffset.UnixEpoch, [new CaseResult("c", "a", CaseResult.Passed, 1, null), new CaseResult("c", "b", CaseResult.Skipped, 0, "why")]);
        memory.Keep("1", passed);
        memory.Keep("2", passed with { Cases = [new CaseResult("c", "a", CaseResult.Failed, 0, "why")] });
        var recalled = memory.Recall(s_environment, "1");
        Assert.Equal((s_environment.Title, DateTimeOffset.UnixEpoch, true), (recalled?.Title, recalled?.When, recalled?.Remembered));
        Assert.Equal(passed.Cases, recalled!.Cases);
        Assert.Null(memory.Recall(s_environment, "2"));
    }

    [Fact]
    public void The_key_is_another_one_where_anything_that_went_into_the_run_is()
    {
        var memory = new ResultMemory(_place["memory"]);
        var kernel = _place["kernel"];
        File.WriteAllText(kernel, "one");
        var key = memory.Key(s_environment, [kernel]);
        Assert.Equal(key, new ResultMemory(_place["other"]).Key(s_environment, [kernel]));
        Assert.NotEqual(key, memory.Key(s_environment with { Declaration = new DriverEnvironmentAttribute("driver", "else") }, [kernel]));
        File.WriteAllText(kernel, "two");
        Assert.NotEqual(key, memory.Key(s_environment, [kernel]));
    }
}
