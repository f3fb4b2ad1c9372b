using LayerStore.Tests.Support;

namespace LayerStore.Tests.Containers;

/// <summary>Who may copy files into and out of containers, and what is refused; what copying does is told by <see cref="CopyStories"/> on every driver.</summary>
public sealed class CopyTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Host(string path) => Path.Combine(_folder.Base, path);

    private Store Open(string driver)
    {
        var store = _folder.OpenWith(driver);
        CopyStories.ImportImage(store, _folder.Base);
        CopyStories.Prepare(store, _folder.Base);
        return store;
    }

    [RootFact]
    public void An_ordinary_users_container_on_vfs_takes_and_gives_files()
    {
        Command.Run("chmod", "777", _folder.Base);
        Assert.Equal("text UserRead 4\n", Child.RunAsNobody("copy", _folder.Root, _folder.Base));
    }

    [RootFact]
    public void A_container_that_is_mounted_read_only_is_not_written()
    {
        using var store = Open("overlay2");
        store.Containers.Mount("c1", readOnly: true);
        Assert.Equal(ErrorIds.ContainerMounted, Error(() => store.Containers.CopyTo("c1", Host("in"), "/x")));
        store.Containers.CopyFrom("c1", "/etc", Host("etc"));
        store.Containers.Dismount("c1");
        Assert.Equal("hello", File.ReadAllText(Host("etc/motd")));
    }

    [RootFact]
    public void A_tree_that_holds_the_store_or_the_destination_is_refused()
    {
        using var store = Open("vfs");
        Assert.Equal(ErrorIds.CopyTargetInvalid, Error(() => store.Containers.CopyTo("c1", _folder.Base, "/all")));
        var mount = store.Containers.Mount("c1").Path;
        Assert.Equal(ErrorIds.CopyTargetInvalid, Error(() => store.Containers.CopyTo("c1", mount + "/srv", "/srv/a")));
    }

    private static string Error(Action action) => Assert.Throws<StoreException>(action).ErrorId;
}
