using System.Globalization;
using System.Xml.Linq;
using Xunit;

namespace LayerStore.Tools.Tests;

/// <summary>
/// The compatible runner against files whose results under Pester 5 are known. Each test's title begins with what
/// Pester makes of it, <c>pass:</c>, <c>fail:</c> or <c>skip:</c>, so that the same files can be run with Pester itself.
/// </summary>
public sealed class ConformanceTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Conformance");

    private static readonly Lazy<List<ConformanceResult>> KnownResults = new(() => Run(out _, Folder));

    public static TheoryData<string> Files() => [.. Directory.EnumerateFiles(Folder, "*.Tests.ps1").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_test_ends_as_its_title_says(string file)
    {
        var results = KnownResults.Value.Where(result => result.File == file).ToList();

        var wrong = results.Where(result => result.Outcome != ExpectedOutcome(result.Title)).ToList();
        Assert.True(wrong.Count == 0, string.Join("\n", wrong.Select(result => $"{result.Outcome}: {result.Title}\n{result.Message}")));
        var firstLine = File.ReadLines(Path.Combine(Folder, file)).First();
        Assert.Equal(int.Parse(firstLine.Split(' ')[1], CultureInfo.InvariantCulture), results.Count);
    }

    [Fact]
    public void What_is_not_supported_is_refused_by_name()
    {
        (string Statement, string Name)[] refused =
        [
            ("Mock Get-Command { }", "Mock"),
            ("InModuleScope X { }", "InModuleScope"),
            ("Should -Invoke Get-Command", "Invoke"),
            ("'x' | Should -FileContentMatch 'x'", "FileContentMatch"),
            ("1 | Should -Be 1 -ErrorAction Continue", "-ErrorAction"),
            ("1 | Should -Be 1 -Sometimes", "Sometimes"),
            ("Set-ItResult -Inconclusive", "Inconclusive"),
            ("break", "break"),
        ];
        using var scratch = new ScratchFolder();
        var tests = refused.Select(pair => $"It '{pair.Name}' {{ {pair.Statement} }}");
        var file = scratch.Write("A.Tests.ps1", $"Describe 'd' {{\n{string.Join('\n', tests)}\n}}");

        var results = Run(out var exitCode, file);

        Assert.Equal(1, exitCode);
        Assert.Equal(refused.Length, results.Count);
        Assert.All(results.Zip(refused), pair =>
        {
            Assert.Equal("Failed", pair.First.Outcome);
            Assert.Contains(pair.Second.Name, pair.First.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_file_that_cannot_be_discovered_is_one_failure_and_the_next_file_runs()
    {
        (string Text, string Message)[] broken =
        [
            ("Describe 'd' -Unknown { }", "Unknown"),
            ("It 'alone' { }", "outside of a Describe"),
            ("Describe 'd' { BeforeAll { }; BeforeAll { } }", "two BeforeAll"),
            ("Describe 'd' { ", "Missing closing"),
            ("throw 'discovery broke'", "discovery broke"),
        ];
        using var scratch = new ScratchFolder();
        var files = broken.Select((pair, index) => scratch.Write($"{index}.Tests.ps1", pair.Text)).ToList();
        files.Add(scratch.Write("Good.Tests.ps1", "Describe 'd' { It 'i' { } }"));

        var results = Run(out var exitCode, [.. files]);

        Assert.Equal(1, exitCode);
        Assert.Equal(broken.Length + 1, results.Count);
        Assert.All(results.Zip(broken), pair =>
        {
            Assert.Equal("Failed", pair.First.Outcome);
            Assert.Contains(pair.Second.Message, pair.First.Message, StringComparison.Ordinal);
        });
        Assert.Equal("Passed", results[^1].Outcome);
    }

    [Fact]
    public void No_file_at_all_is_an_error()
    {
        using var scratch = new ScratchFolder();

        var run = HostProcess.Run("test", scratch.Combine("."));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("No *.Tests.ps1", run.Error, StringComparison.Ordinal);
    }

    private static string ExpectedOutcome(string title) => title switch
    {
        _ when title.Contains("pass:", StringComparison.Ordinal) => "Passed",
        _ when title.Contains("fail:", StringComparison.Ordinal) => "Failed",
        _ when title.Contains("skip:", StringComparison.Ordinal) => "NotExecuted",
        _ => $"a title with its expected result, instead of '{title}'",
    };

    private static List<ConformanceResult> Run(out int exitCode, params string[] paths)
    {
        using var scratch = new ScratchFolder();
        var resultFile = scratch.Combine("result.trx");
        var run = HostProcess.Run(["test", .. paths, "-ResultPath", resultFile]);
        Assert.True(File.Exists(resultFile), $"No results were written.\n{run.Output}{run.Error}");
        exitCode = run.ExitCode;
        return [.. XDocument.Load(resultFile).Descendants().Where(element => element.Name.LocalName == "UnitTestResult").Select(ConformanceResult.Of)];
    }
}
