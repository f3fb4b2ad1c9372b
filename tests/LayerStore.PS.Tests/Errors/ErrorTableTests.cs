using System.Management.Automation;
using System.Reflection;
using System.Runtime.Loader;
using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests.Errors;

/// <summary>Every id is provoked, and looks as the conventions say.</summary>
public sealed class ErrorTableTests(ErrorWorld world) : IClassFixture<ErrorWorld>
{
    public static TheoryData<string> IdsOfEverybody() => [.. ErrorTable.Rows.Where(row => !row.NeedsRoot).Select(row => row.Id)];

    public static TheoryData<string> IdsOfRoot() => [.. ErrorTable.Rows.Where(row => row.NeedsRoot).Select(row => row.Id)];

    [Theory]
    [MemberData(nameof(IdsOfEverybody))]
    public void It_names_the_thing_the_cause_and_the_next_step(string id) => Provoke(id);

    [ErrorsOfRoot]
    [MemberData(nameof(IdsOfRoot))]
    public void It_does_where_only_root_gets_to(string id) => Provoke(id);

    [Fact]
    public void Every_id_is_in_the_table_and_nothing_else()
    {
        var core = AssemblyLoadContext.All.Single(context => context.Name == "LayerStore").Assemblies.Single(assembly => assembly.GetName().Name == "LayerStore.Core");
        var ids = core.GetType("LayerStore.ErrorIds")!.GetFields().Select(field => (string)field.GetValue(null)!).Append("UnexpectedError");

        Assert.Equal(ids.Order(StringComparer.Ordinal), ErrorTable.Rows.Select(row => row.Id).Concat(ErrorTable.Elsewhere.Select(row => row.Id)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_provoked_elsewhere_is_provoked_there()
    {
        foreach (var row in ErrorTable.Elsewhere)
        {
            var source = File.ReadAllText(Path.Combine(Session.RepositoryPath, "tests", row.File));
            var start = source.IndexOf($" {row.Test}(", StringComparison.Ordinal);
            Assert.True(start >= 0, $"{row.File} has no test {row.Test} for {row.Id}, which {row.Reason}");
            var end = source.IndexOf("\n    }\n", start, StringComparison.Ordinal);
            Assert.Contains(row.Id, source[start..end], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_nobody_foresaw_is_called_a_defect()
    {
        var records = Cmdlets.All[0].Type.Assembly.GetType("LayerStore.PS.ErrorRecords")!;
        var from = records.GetMethod("From", BindingFlags.NonPublic | BindingFlags.Static, [typeof(Exception), typeof(object)])!;

        var error = (ErrorRecord)from.Invoke(null, [new InvalidOperationException("nobody thought of it"), "the target"])!;

        Assert.Equal("UnexpectedError", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.NotSpecified, error.CategoryInfo.Category);
        Assert.Equal("the target", error.TargetObject);
        Assert.Contains("InvalidOperationException", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("report", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    private void Provoke(string id)
    {
        var row = ErrorTable.Rows.Single(row => row.Id == id);

        var errors = world.Store.Session.Try(row.Script).Errors;

        var error = Assert.Single(errors);
        Assert.True(error.FullyQualifiedErrorId.StartsWith(id + ",LayerStore.PS.Commands.", StringComparison.Ordinal), $"{error.FullyQualifiedErrorId}: {error}");
        Assert.Equal(row.Category, error.CategoryInfo.Category);
        var named = world.Store.Text($"\"{row.Named}\"");
        Assert.Contains(named, error.ToString(), StringComparison.Ordinal);
        Assert.NotNull(error.TargetObject);
        Assert.Contains(row.Target ?? named, error.TargetObject.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
        Assert.DoesNotContain(error.ErrorDetails.RecommendedAction, error.ToString(), StringComparison.Ordinal);
    }
}
