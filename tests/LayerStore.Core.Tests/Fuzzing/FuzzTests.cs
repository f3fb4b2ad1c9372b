using System.Globalization;
using Xunit.Abstractions;

namespace LayerStore.Tests.Fuzzing;

/// <summary>Some seconds of fuzzing: seeds that stay, and one by chance, which is printed. <c>./build.sh fuzz</c> goes on as long as one likes.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(1.4);

    public static TheoryData<string> Names => [.. Fuzzer.Targets.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Inputs_made_by_chance_break_no_promise(string name)
    {
        var chance = Random.Shared.Next(1, int.MaxValue / 2);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The seed by chance is {chance}."));
        foreach (var seed in (int[])[1, chance])
        {
            using var target = Fuzzer.Targets[name]();
            var fuzzer = new Fuzzer(target, seed);
            var fault = fuzzer.Run(s_time);
            Assert.True(fault is null, fault);
            Assert.True(fuzzer.Count > 0);
        }
    }
}
