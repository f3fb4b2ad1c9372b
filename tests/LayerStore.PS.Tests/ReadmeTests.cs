using System.Text.RegularExpressions;
using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>The README and the cookbook name what exists; their code is run by tests/Pester/Examples.Tests.ps1.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(Session.RepositoryPath, "README.md"));

    [Fact]
    public void Every_cmdlet_is_in_the_table_of_commands()
    {
        var table = Readme[Readme.IndexOf("\n## Commands\n", StringComparison.Ordinal)..Readme.IndexOf("\n## Where to read on\n", StringComparison.Ordinal)];
        var named = CommandName().Matches(table[..table.IndexOf("\n\nEach", StringComparison.Ordinal)]).Select(match => match.Value);

        Assert.Equal(Cmdlets.All.Select(cmdlet => cmdlet.Name), named.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_command_that_is_named_exists()
    {
        var known = Cmdlets.All.SelectMany(cmdlet => cmdlet.Aliases.Append(cmdlet.Name)).ToHashSet();
        var cookbook = File.ReadAllText(Path.Combine(Session.RepositoryPath, "docs", "cookbook.md"));

        Assert.All(CommandName().Matches(Readme + cookbook).Select(match => match.Value), name => Assert.Contains(name, known));
    }

    [Fact]
    public void Links_lead_to_files_of_the_repository() => Assert.All(
        RelativeLink().Matches(Readme).Select(match => match.Groups["path"].Value),
        path => Assert.True(Path.Exists(Path.Combine(Session.RepositoryPath, path)), path));

    [GeneratedRegex(@"\b[A-Z][a-z]+(?:To)?-(?:Container|Storage|UnusedStorage)[A-Za-z]*\b")]
    private static partial Regex CommandName();

    [GeneratedRegex(@"\]\((?<path>(?!https?:)[^)#]+)\)")]
    private static partial Regex RelativeLink();
}
