using System.Diagnostics;
using System.Management.Automation;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>Runs what the discovery found, with Pester's scopes: a block's BeforeAll in the block's scope, BeforeEach, test and AfterEach together in one of their own below it.</summary>
/// <remarks>
/// Nesting is made by real scopes of the engine: each step is a command that is invoked in a new scope and runs its
/// script blocks dot-sourced there. So the runner adds no variable of its own to any scope that a test sees.
/// </remarks>
internal sealed class BlockRunner(PSCmdlet command, TestSession session)
{
    /// <summary>Runs the current block; the command was invoked in the block's own scope.</summary>
    public void RunBlock()
    {
        var block = session.CurrentBlock;
        if (block.IsIdle)
        {
            SkipAll(block);
            return;
        }

        var snapshot = session.Drive.Snapshot();
        Define(block.Data);
        var failure = Attempt(() => DotSource(block.Setup(SetupKind.BeforeAll), block.Data))
            ?? Attempt(() => block.ExpandedName = NameTemplate.Expand(command, block.Name));
        if (failure is not null)
        {
            FailAll(block, failure);
        }
        else
        {
            RunItems(block);
        }

        Report($"{block.Path} (AfterAll)", Attempt(() => DotSource(block.Setup(SetupKind.AfterAll), block.Data)));
        Report($"{block.Path} (TestDrive)", Attempt(() => session.Drive.Restore(snapshot)));
    }

    /// <summary>Runs the current test; the command was invoked in the test's own scope.</summary>
    public void RunTest()
    {
        var test = session.CurrentTest!;
        var clock = Stopwatch.StartNew();
        Define(test.Data);
        var failures = new List<TestFailure>();
        if (Attempt(() => RunSetupAndBody(test)) is { } failure)
        {
            failures.Add(failure);
        }

        foreach (var teardown in test.Block.SetupsFromRoot(SetupKind.AfterEach).Reverse())
        {
            if (Attempt(() => DotSource(teardown, test.Data)) is { } late)
            {
                failures.Add(late);
            }
        }

        Record(test, failures, clock.Elapsed);
    }

    private void RunItems(TestBlock block)
    {
        foreach (var item in block.Items)
        {
            if (item is TestBlock inner)
            {
                session.CurrentBlock = inner;
                InNewScope(InvokeBlockCommand.CommandName);
                session.CurrentBlock = block;
            }
            else
            {
                RunOrSkip((TestCase)item);
            }
        }
    }

    private void RunOrSkip(TestCase test)
    {
        if (test.SkipReason is not null)
        {
            Skip(test);
            return;
        }

        session.CurrentTest = test;
        InNewScope(InvokeTestCommand.CommandName);
        session.CurrentTest = null;
    }

    private void RunSetupAndBody(TestCase test)
    {
        foreach (var setup in test.Block.SetupsFromRoot(SetupKind.BeforeEach))
        {
            DotSource(setup, test.Data);
        }

        test.ExpandedName = NameTemplate.Expand(command, test.Name);
        DotSource(test.Body, test.Data);
    }

    private void Record(TestCase test, List<TestFailure> failures, TimeSpan duration)
    {
        var skipped = failures.Count == 1 && failures[0].IsSkip;
        if (failures.Count == 0)
        {
            session.Add(test.Path, TestOutcome.Passed, duration: duration);
        }
        else
        {
            var messages = string.Join('\n', failures.Select(failure => failure.Message));
            var traces = string.Join('\n', failures.Select(failure => failure.Trace));
            session.Add(test.Path, skipped ? TestOutcome.Skipped : TestOutcome.Failed, messages, traces, duration);
        }
    }

    private void SkipAll(TestBlock block)
    {
        foreach (var test in block.AllTests())
        {
            Skip(test);
        }
    }

    private void Skip(TestCase test)
    {
        ExpandOutsideOfRun(test);
        session.Add(test.Path, TestOutcome.Skipped, test.SkipReason);
    }

    /// <summary>A skipped test has no setup; its title is filled in from its row alone, or stays as it is.</summary>
    private void ExpandOutsideOfRun(TestCase test)
    {
        if (!test.Name.Contains('<', StringComparison.Ordinal))
        {
            return;
        }

        var block = command.InvokeCommand.NewScriptBlock(ExpandNameCommand.CommandName);
        session.CurrentTest = test;
        Attempt(() => command.InvokeCommand.InvokeScript(useLocalScope: true, block, input: null));
        session.CurrentTest = null;
    }

    private void FailAll(TestBlock block, TestFailure failure)
    {
        foreach (var test in block.AllTests())
        {
            if (test.SkipReason is null)
            {
                session.Add(test.Path, TestOutcome.Failed, $"{SetupKind.BeforeAll} of '{block.Path}' failed. {failure.Message}", failure.Trace);
            }
            else
            {
                Skip(test);
            }
        }
    }

    private void Report(string name, TestFailure? failure)
    {
        if (failure is not null)
        {
            session.Add(name, TestOutcome.Failed, failure.Message, failure.Trace);
        }
    }

    private void Define(TestData data)
    {
        foreach (var (name, value) in data.Variables())
        {
            command.SessionState.PSVariable.Set(name, value);
        }
    }

    private void InNewScope(string commandName)
        => command.InvokeCommand.InvokeScript(useLocalScope: true, command.InvokeCommand.NewScriptBlock(commandName), input: null);

    private void DotSource(ScriptBlock? body, TestData data)
    {
        if (body is null)
        {
            return;
        }

        if (HasParameters(body) && data.Named().Any())
        {
            // A block with parameters takes the row as its arguments, too: else the parameters would hide the variables.
            var splat = data.Named().ToDictionary(pair => pair.Key, pair => pair.Value);
            var wrapper = command.InvokeCommand.NewScriptBlock("param($private:______body, $private:______row) . $private:______body @private:______row");
            command.InvokeCommand.InvokeScript(useLocalScope: false, wrapper, input: null, body, new System.Collections.Hashtable(splat));
            return;
        }

        command.InvokeCommand.InvokeScript(useLocalScope: false, body, input: null);
    }

    private static bool HasParameters(ScriptBlock body)
        => body.Ast is System.Management.Automation.Language.ScriptBlockAst { ParamBlock.Parameters.Count: > 0 };

    private static TestFailure? Attempt(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception e) when (e is RuntimeException or FlowControlException or IOException or UnauthorizedAccessException)
        {
            return TestFailure.Of(e);
        }
    }
}
