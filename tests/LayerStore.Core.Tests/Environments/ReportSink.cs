using System.Text;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace LayerStore.Tests.Environments;

/// <summary>Gathers what xunit says of discovery and of a run, and writes each test's start and end into a report at once, so that a run that dies leaves what it had.</summary>
internal sealed class ReportSink(Stream report) : LongLivedMarshalByRefObject, IMessageSink, IDisposable
{
    private readonly Lock _lock = new();
    private readonly AutoResetEvent _ended = new(false);
    private readonly List<ITestCase> _discovered = [];

    /// <summary>Waits for the end of a discovery and gives what it found.</summary>
    public IReadOnlyList<ITestCase> TakeDiscovered()
    {
        AwaitEnd();
        ITestCase[] found = [.. _discovered];
        _discovered.Clear();
        return found;
    }

    /// <summary>Waits for the end of a discovery or of a run.</summary>
    public void AwaitEnd() => _ended.WaitOne();

    /// <summary>Reports what no test is to blame for alone.</summary>
    public void Fail(string className, string why)
    {
        lock (_lock)
            Write(new CaseResult(className, className, CaseResult.Failed, 0, why));
    }

    public void Dispose() => _ended.Dispose();

    public bool OnMessage(IMessageSinkMessage message)
    {
        lock (_lock)
        {
            switch (message)
            {
                case ITestCaseDiscoveryMessage found:
                    _discovered.Add(found.TestCase);
                    break;
                case ITestStarting starting:
                    Write(starting.Test, CaseResult.Started, 0, null);
                    break;
                case ITestPassed passed:
                    Write(passed.Test, CaseResult.Passed, passed.ExecutionTime, null);
                    break;
                case ITestSkipped skipped:
                    Write(skipped.Test, CaseResult.Skipped, 0, skipped.Reason);
                    break;
                case ITestFailed failed:
                    Write(failed.Test, CaseResult.Failed, failed.ExecutionTime, Describe(failed));
                    break;
                case ITestClassCleanupFailure cleanup:
                    Write(new CaseResult(cleanup.TestClass.Class.Name, $"{cleanup.TestClass.Class.Name}, its clean-up", CaseResult.Failed, 0, Describe(cleanup)));
                    break;
                case IFailureInformation failure:
                    Write(new CaseResult("", message.GetType().Name, CaseResult.Failed, 0, Describe(failure)));
                    break;
                case IDiscoveryCompleteMessage or ITestAssemblyFinished:
                    _ended.Set();
                    break;
            }
        }
        return true;
    }

    private static string Describe(IFailureInformation failure) =>
        ExceptionUtility.CombineMessages(failure) + Environment.NewLine + ExceptionUtility.CombineStackTraces(failure);

    private void Write(ITest test, string outcome, decimal seconds, string? why) =>
        Write(new CaseResult(test.TestCase.TestMethod.TestClass.Class.Name, test.DisplayName, outcome, (double)seconds, why));

    private void Write(CaseResult result)
    {
        report.Write(Encoding.UTF8.GetBytes(result.ToLine() + "\n"));
        report.Flush();
    }
}
