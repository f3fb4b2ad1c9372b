using LayerStore.Containers;
using LayerStore.Images;
using LayerStore.Linux;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Containers;

/// <summary>Files go into and out of containers as <c>docker cp</c> documents it, mounted or not.</summary>
public sealed class CopyTests : IDisposable
{
    private readonly StoreFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Host(string path) => Path.Combine(_folder.Base, path);

    private Store Open(string driver)
    {
        var store = _folder.OpenWith(driver);
        var archive = Host("image.tar");
        new ImageBuilder("base:1").Layer(("etc/motd", "hello"), ("srv/a/one", "1"), ("srv/a/sub/two", "22")).WriteDockerArchive(archive);
        _ = store.Images.Import(archive, new ImportOptions()).ToList();
        store.Containers.Create(new ContainerOptions { Image = "base:1", Name = "c1" });
        Directory.CreateDirectory(Host("in/sub"));
        File.WriteAllText(Host("in/one"), "one");
        File.WriteAllText(Host("in/sub/two"), "two");
        return store;
    }

    /// <summary>What a container shows of a directory: paths and contents.</summary>
    private static string Show(Store store, string path)
    {
        var mount = store.Containers.Mount("c1", readOnly: true).Path;
        try
        {
            return Tree(mount + path);
        }
        finally
        {
            store.Containers.Dismount("c1");
        }
    }

    private static string Tree(string root) => string.Join(' ', Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
        .Select(file => $"{Path.GetRelativePath(root, file)}={File.ReadAllText(file)}").Order(StringComparer.Ordinal));

    [RootTheory]
    [InlineData("overlay2", false)]
    [InlineData("overlay2", true)]
    [InlineData("vfs", false)]
    [InlineData("vfs", true)]
    public void Destinations_mean_what_docker_says(string driver, bool mounted)
    {
        using var store = Open(driver);
        if (mounted)
            store.Containers.Mount("c1");
        string In(string source, string destination) => store.Containers.CopyTo("c1", Host(source), destination).FullName;
        string Out(string source, string destination) => store.Containers.CopyFrom("c1", source, Host(destination)).FullName;

        Assert.Equal("/new", In("in/one", "/new"));              // Neither there nor with a slash: the copy's name.
        Assert.Equal("/etc/one", In("in/one", "/etc"));          // A directory: into it.
        Assert.Equal("/etc/motd", In("in/one", "etc/motd"));     // A file: in its place; paths start at the root.
        Assert.Equal("/dir", In("in", "/dir"));                  // A directory to a new name.
        Assert.Equal("/srv/a/in", In("in", "/srv/a"));           // A directory into one that is there.
        In("in/.", "/srv/a");                                    // Its contents into one that is there: merged.
        In("in/.", "/other/");
        Assert.Equal(ErrorIds.CopyTargetInvalid, Error(() => In("in/one", "/missing/")));
        Assert.Equal(ErrorIds.FileNotFound, Error(() => In("in/one", "/missing/x")));
        Assert.Equal(ErrorIds.CopyTargetInvalid, Error(() => In("in", "/etc/motd")));
        Assert.Equal(ErrorIds.CopyTargetInvalid, Error(() => In("in/one", "/etc/motd/")));
        Assert.Equal(ErrorIds.FileNotFound, Error(() => In("in/one/", "/x")));
        Assert.Equal(ErrorIds.FileNotFound, Error(() => In("missing", "/x")));
        Assert.Equal(ErrorIds.FileNotFound, Error(() => Out("/missing", "x")));
        Directory.CreateDirectory(Host("clash/one"));
        Assert.Equal(ErrorIds.CopyTargetInvalid, Error(() => Out("/srv/a/one", "clash")));

        Assert.Equal(Host("out1"), Out("/srv/a", "out1"));
        Directory.CreateDirectory(Host("out2"));
        Assert.Equal(Host("out2/a"), Out("/srv/a/", "out2"));
        Out("/srv/a/.", "out2");
        Out("/new", "out3");
        if (mounted)
            store.Containers.Dismount("c1");

        const string A = "in/one=one in/sub/two=two one=one sub/two=two";
        Assert.Equal("motd=one one=one", Show(store, "/etc"));
        Assert.Equal("one=one sub/two=two", Show(store, "/dir"));
        Assert.Equal("one=one sub/two=two", Show(store, "/other"));
        Assert.Equal(A, Show(store, "/srv/a"));
        Assert.Equal(A, Tree(Host("out1")));
        Assert.Equal($"a/{A.Replace(" ", " a/", StringComparison.Ordinal)} {A}", Tree(Host("out2")));
        Assert.Equal("one", File.ReadAllText(Host("out3")));
        Assert.Empty(MountTable.Below(_folder.Base));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_folder.Root, StoreRoot.MountsName)));
    }

    [RootTheory]
    [InlineData("overlay2")]
    [InlineData("vfs")]
    public void Copies_belong_to_root_and_to_who_copies_unless_archived(string driver)
    {
        using var store = Open(driver);
        Command.Run("bash", "-ec", $"cd {Host("in")}; chown -R 12:34 .; chmod 6755 one; ln one hard; ln -s /etc/passwd link; mkfifo pipe; mknod null c 1 3; setfattr -n user.x -v y one; chmod 1777 sub; touch -d @1600000000.5 sub/two sub");

        var plain = store.Containers.CopyTo("c1", Host("in"), "/plain");
        var kept = store.Containers.CopyTo("c1", Host("in"), "/kept", new ContainerCopyOptions { Archive = true });
        store.Containers.CopyFrom("c1", "/kept", Host("back"), new ContainerCopyOptions { Archive = true });
        store.Containers.CopyFrom("c1", "/kept", Host("mine"));

        Assert.Equal((1, $"{Host("in")}/null: a device; -Archive copies devices"), (plain.SkippedCount, plain.Skipped[0]));
        Assert.Equal((0, 8), (kept.SkippedCount, kept.Entries));
        Assert.Equal(TreeFingerprint.Of(Host("in")), TreeFingerprint.Of(Host("back")));
        var mount = store.Containers.Mount("c1", readOnly: true).Path;
        const string Format = "find {0} -printf '%P %M %u %n %l\\n' | sort";
        Assert.Equal(
            " drwxr-xr-x root 3 \nhard -rwxr-xr-x root 2 \nlink lrwxrwxrwx root 1 /etc/passwd\none -rwxr-xr-x root 2 \npipe prw-r--r-- root 1 \nsub drwxrwxrwt root 2 \nsub/two -rw-r--r-- root 1 \n",
            Command.Run("bash", "-c", string.Format(null, Format, mount + "/plain")));
        Assert.Equal(Command.Run("bash", "-c", string.Format(null, Format, Host("in"))), Command.Run("bash", "-c", string.Format(null, Format, mount + "/kept")));
        Assert.Equal("755 root", Command.Run("stat", "-c", "%a %U", Host("mine/one")).Trim());
        Assert.False(File.Exists(Host("mine/null")));
        store.Containers.Dismount("c1");
    }

    [RootFact]
    public void A_link_at_the_end_is_copied_or_followed_and_one_at_the_destination_leads_on()
    {
        using var store = Open("overlay2");
        File.CreateSymbolicLink(Host("link"), "in/one");
        File.CreateSymbolicLink(Host("dir"), "in");

        store.Containers.CopyTo("c1", Host("in/."), "/in");
        store.Containers.CopyTo("c1", Host("link"), "/as-link");
        Assert.Equal("/etc/link", store.Containers.CopyTo("c1", Host("link"), "/etc", new ContainerCopyOptions { FollowLink = true }).FullName);
        Assert.Equal("/srv/dir", store.Containers.CopyTo("c1", Host("dir") + "/", "/srv").FullName);
        store.Containers.CopyTo("c1", Host("in/sub/two"), "/as-link");

        var mount = store.Containers.Mount("c1", readOnly: true).Path;
        Assert.Equal("in/one", new FileInfo(mount + "/as-link").LinkTarget);
        Assert.Equal("two", File.ReadAllText(mount + "/in/one"));
        Assert.Equal("one", File.ReadAllText(mount + "/etc/link"));
        Assert.Equal("one=one sub/two=two", Tree(mount + "/srv/dir"));
        store.Containers.Dismount("c1");
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
