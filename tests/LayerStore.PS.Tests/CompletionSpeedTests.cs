using System.Data.Common;
using System.Diagnostics;
using System.Management.Automation;
using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>Completing is quick, waits for nobody, and leaves alone what is on disk. Runs by itself: it measures.</summary>
[Collection(EnvironmentCollection.Name)]
public sealed class CompletionSpeedTests : IDisposable
{
    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(50);

    private readonly StoreSession _store = StoreSession.With(
        "Initialize-Storage -Driver vfs; Import-ContainerImage $args[0] | Out-Null; foreach ($i in 1..200) { $null = New-Container -Empty -Name \"web$i\" -Label \"number=$i\"; Add-ContainerImageTag small \"copy:$i\" }", SavedImage.Small);

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData("Get-Container", "w", 200)]
    [InlineData("Get-ContainerImage", "c", 200)]
    [InlineData("Get-Container -Label", "number=1", 111)]
    [InlineData("Get-ContainerLayer", "", 1)]
    [InlineData("Remove-Container -Id", "", 200)]
    public void Two_hundred_names_are_offered_at_once_while_another_writes(string command, string word, int count)
    {
        using var writer = Writer();
        using var transaction = writer.CreateCommand();
        transaction.CommandText = "BEGIN IMMEDIATE; UPDATE containers SET name = name";
        transaction.ExecuteNonQuery();
        var line = $"{command.Split(' ')[0]} -Root '{_store.Root}' {string.Join(' ', command.Split(' ')[1..])} {word}";
        using var shell = PowerShell.Create(_store.Session.Runspace);

        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 15; i++)
        {
            var clock = Stopwatch.StartNew();
            var offered = CommandCompletion.CompleteInput(line, line.Length, [], shell).CompletionMatches.Count(match => match.ResultType == CompletionResultType.ParameterValue);
            best = clock.Elapsed < best ? clock.Elapsed : best;
            Assert.Equal(count, offered);
        }

        Assert.True(best < Budget, $"{line}: {best.TotalMilliseconds} ms");
    }

    [Fact]
    public void Nothing_that_waits_to_be_removed_is_removed_by_completing()
    {
        var leftover = Directory.CreateDirectory(Path.Combine(_store.Root, "vfs", "removing", "leftover")).FullName;
        using var shell = PowerShell.Create(_store.Session.Runspace);
        var line = $"Get-Container -Root '{_store.Root}' web1";

        Assert.NotEmpty(CommandCompletion.CompleteInput(line, line.Length, [], shell).CompletionMatches);

        Assert.True(Directory.Exists(leftover));
    }

    /// <summary>A connection of SQLite's own, past the module.</summary>
    private DbConnection Writer()
    {
        var sqlite = AppDomain.CurrentDomain.GetAssemblies().First(assembly => assembly.GetName().Name == "Microsoft.Data.Sqlite");
        var connection = (DbConnection)Activator.CreateInstance(sqlite.GetType("Microsoft.Data.Sqlite.SqliteConnection")!, $"Data Source={Path.Combine(_store.Root, "metadata.db")};Pooling=False")!;
        connection.Open();
        return connection;
    }
}
