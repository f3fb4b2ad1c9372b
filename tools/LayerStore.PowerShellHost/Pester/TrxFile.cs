using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>Writes results in the form that <c>dotnet test --logger trx</c> writes, so that one reader serves all suites.</summary>
internal static class TrxFile
{
    private static readonly XNamespace Space = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    public static void Write(string path, IReadOnlyList<TestResult> results, DateTime started)
    {
        var failed = results.Any(result => result.Outcome == TestOutcome.Failed);
        var document = new XDocument(new XElement(
            Space + "TestRun",
            new XAttribute("id", Guid.NewGuid()),
            new XAttribute("name", "Pester files"),
            new XElement(
                Space + "Times",
                new XAttribute("start", started.ToString("o", CultureInfo.InvariantCulture)),
                new XAttribute("finish", DateTime.UtcNow.ToString("o", CultureInfo.InvariantCulture))),
            new XElement(Space + "Results", results.Select(ResultOf)),
            new XElement(Space + "ResultSummary", new XAttribute("outcome", failed ? "Failed" : "Completed"))));
        document.Save(path);
    }

    private static XElement ResultOf(TestResult result)
    {
        var element = new XElement(
            Space + "UnitTestResult",
            new XAttribute("testId", IdOf(result)),
            new XAttribute("testName", Clean($"{Path.GetFileName(result.File)}: {result.Name}")),
            new XAttribute("duration", result.Duration.ToString("c", CultureInfo.InvariantCulture)),
            new XAttribute("outcome", result.Outcome == TestOutcome.Skipped ? "NotExecuted" : result.Outcome.ToString()));
        if (result.Message is not null)
        {
            element.Add(new XElement(
                Space + "Output",
                new XElement(
                    Space + "ErrorInfo",
                    new XElement(Space + "Message", Clean(result.Message)),
                    string.IsNullOrEmpty(result.Trace) ? null : new XElement(Space + "StackTrace", Clean(result.Trace)))));
        }

        return element;
    }

    private static Guid IdOf(TestResult result) => new(SHA256.HashData(Encoding.UTF8.GetBytes(result.File + "\n" + result.Name)).AsSpan(0, 16));

    /// <summary>XML has no place for control characters.</summary>
    private static string Clean(string text) => string.Concat(text.Select(character => char.IsControl(character) && character is not ('\n' or '\t' or '\r') ? '\u00B7' : character));
}
