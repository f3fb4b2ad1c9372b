using System.Management.Automation;
using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>Each failure has its id, category, target and next step, and leaves nothing behind.</summary>
public sealed class ErrorTests : IDisposable
{
    private readonly StoreSession _store = StoreSession.With("Import-ContainerImage $args[0] | New-Container -Name c1 | Out-Null; New-Container small -Name c2", SavedImage.Small);

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData("New-Container small -Name c1", "ContainerNameInUse", ErrorCategory.ResourceExists)]
    [InlineData("New-Container small -Name '-x'", "ContainerNameInvalid", ErrorCategory.InvalidArgument)]
    [InlineData("New-Container small -Size 10G", "DriverUnsupported", ErrorCategory.NotInstalled)]
    [InlineData("New-Container 'UPPER CASE'", "ReferenceInvalid", ErrorCategory.InvalidArgument)]
    [InlineData("Rename-Container c1 c2", "ContainerNameInUse", ErrorCategory.ResourceExists)]
    [InlineData("Remove-ContainerImage small", "ImageInUse", ErrorCategory.ResourceBusy)]
    [InlineData("Mount-Container c1 | Out-Null; Remove-Container c1", "ContainerMounted", ErrorCategory.ResourceBusy)]
    [InlineData("Dismount-Container c1", "ContainerNotMounted", ErrorCategory.InvalidArgument)]
    [InlineData("Import-ContainerImage ./nowhere.tar", "ArchiveNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Import-ContainerImage nodrive:x.tar", "PathInvalid", ErrorCategory.InvalidArgument)]
    [InlineData("Import-ContainerImage variable:x", "PathInvalid", ErrorCategory.InvalidArgument)]
    [InlineData("Import-ContainerImage /usr/share", "ArchiveUnrecognized", ErrorCategory.InvalidData)]
    [InlineData("Import-ContainerImage /etc/passwd", "ArchiveUnrecognized", ErrorCategory.InvalidData)]
    [InlineData("Import-ContainerImage $args[0] -Limit @{ MaxHeight = 3 }", "ArgumentInvalid", ErrorCategory.InvalidArgument)]
    [InlineData("Import-ContainerImage $args[0] -Limit @{ MaxEntries = 'many' }", "ArgumentInvalid", ErrorCategory.InvalidArgument)]
    [InlineData("Import-ContainerImage $args[0] -Platform linux/arm64 -All", "ArgumentInvalid", ErrorCategory.InvalidArgument)]
    [InlineData("Import-ContainerImage $args[0] -Reference 'A B'", "ReferenceInvalid", ErrorCategory.InvalidArgument)]
    [InlineData("Add-ContainerImageTag small ':x'", "ReferenceInvalid", ErrorCategory.InvalidArgument)]
    [InlineData("Remove-ContainerImageTag nobody:1", "ImageNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Initialize-Storage -Driver vfs", "DriverMismatch", ErrorCategory.InvalidArgument)]
    [InlineData("Initialize-Storage -Root ($args[0] + '-store') -Driver vfs -Option @{ 'overlay2.size' = 10GB }", "DriverOptionInvalid", ErrorCategory.InvalidArgument)]
    [InlineData("Initialize-Storage -Root ($args[0] + '-store') -Option @{ 'size' = 'many' }", "DriverOptionInvalid", ErrorCategory.InvalidArgument)]
    [InlineData("Initialize-Storage -Root ($args[0] + '-store') -Driver zip", "DriverUnknown", ErrorCategory.InvalidArgument)]
    [InlineData("Initialize-Storage -Root ($args[0] + '/store') -Driver vfs", "StoreRootInvalid", ErrorCategory.InvalidArgument)]
    public void Ids_and_categories_are_stable(string script, string id, ErrorCategory category)
    {
        var error = _store.Error(script, SavedImage.Small);

        Assert.StartsWith(id + ",LayerStore.PS.Commands.", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
        // PowerShell shows the recommendation itself, below the message: in it, it would stand there twice.
        Assert.DoesNotContain(error.ErrorDetails.RecommendedAction, error.ToString(), StringComparison.Ordinal);
        Assert.Equal("c2,c1", _store.Text("Get-Container"));
        Assert.Equal("small:latest", _store.Text("Get-ContainerImage"));
        Assert.False(Directory.Exists(SavedImage.Small + "-store"));
    }

    [Theory]
    [InlineData("many", "10G")]
    [InlineData("0", "greater")]
    public void A_size_that_is_none_says_what_one_is(string size, string told)
    {
        var error = _store.Error("New-Container small -Size $args[0]", size);

        Assert.Contains(told, error.ToString(), StringComparison.Ordinal);
        Assert.Equal("c2,c1", _store.Text("Get-Container"));
    }

    [Fact]
    public void An_image_in_use_names_its_users()
    {
        var error = _store.Error("Remove-ContainerImage small");

        Assert.Contains("c1", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("c2", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("small", error.TargetObject.ToString());
    }

    [Fact]
    public void Limits_are_options()
    {
        SavedImage.Write(_store["many.tar"], "many:1", SavedImage.ManyFiles(20));

        var error = _store.Error("Import-ContainerImage $args[0] -Limit @{ MaxEntries = 10 }", _store["many.tar"]);

        Assert.StartsWith("ArchiveLimitExceeded,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.SecurityError, error.CategoryInfo.Category);
        Assert.Equal("many:1", _store.Text("Import-ContainerImage $args[0] -Limit @{ MaxEntries = 100; maxlayerbytes = '1GB' }", _store["many.tar"]));
    }

    [Fact]
    public void A_truncated_archive_leaves_nothing()
    {
        File.WriteAllBytes(_store["cut.tar"], File.ReadAllBytes(SavedImage.Small)[..1_000_000]);
        var before = _store.Text("(Get-StorageInfo).Layers");

        var error = _store.Error("Import-ContainerImage $args[0]", _store["cut.tar"]);

        Assert.Matches("^Archive(Truncated|Corrupt),", error.FullyQualifiedErrorId);
        Assert.Equal(before, _store.Text("(Get-StorageInfo).Layers"));
    }

    [Fact]
    public void One_bad_input_does_not_keep_the_others_out()
    {
        SavedImage.Write(_store["good.tar"], "good:1", new Dictionary<string, string> { ["f"] = "x" });

        var result = _store.Session.Try("Import-ContainerImage ./nowhere.tar, $args[0]", _store["good.tar"]);

        Assert.Equal("good:1", Assert.Single(result.Output).ToString());
        Assert.Single(result.Errors);
    }

    [Fact]
    public void ErrorAction_Stop_ends_the_pipeline()
    {
        var result = _store.Session.Try("Get-Container nobody, c1 -ErrorAction Stop");

        Assert.Empty(result.Output);
        Assert.StartsWith("ContainerNotFound,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_store_is_a_clear_error_that_ends_the_cmdlet()
    {
        foreach (var file in Directory.GetFiles(_store.Root, "*.db*").Concat(Directory.GetFiles(_store.Root, "*.sqlite*")))
            File.WriteAllText(file, "this is no database, and it is long enough to be read as one by mistake ".PadRight(5000, 'x'));

        var error = Assert.Single(_store.Session.Try("'c1', 'c2' | Get-Container").Errors);

        Assert.StartsWith("StoreDamaged,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.InvalidData, error.CategoryInfo.Category);
    }
}
