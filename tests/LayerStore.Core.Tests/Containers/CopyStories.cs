using LayerStore.Containers;
using LayerStore.Images;
using LayerStore.Linux;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Containers;

/// <summary>Files go into and out of containers as <c>docker cp</c> documents it, mounted or not, whatever the driver. One after the other in one store, since guests are slow.</summary>
/// <param name="store">The store.</param>
/// <param name="place">A directory above the store that everything stands in.</param>
/// <param name="few">Leaves out those to which the driver does not matter.</param>
internal sealed class CopyStories(Store store, string place, bool few)
{
    private string _host = "";

    /// <summary>Tells all of them; the first that goes wrong ends it, and the stack says which.</summary>
    public void TellAll()
    {
        ImportImage(store, place);
        Action[] stories =
        [
            () => Destinations_mean_what_docker_says(mounted: false),
            Copies_belong_to_root_and_to_who_copies_unless_archived,
        ];
        Action[] more =
        [
            () => Destinations_mean_what_docker_says(mounted: true),
            A_link_at_the_end_is_copied_or_followed_and_one_at_the_destination_leads_on,
        ];
        foreach (var story in few ? stories : [.. stories, .. more])
        {
            _host = Path.Combine(place, Guid.NewGuid().ToString("N"));
            Prepare(store, _host);
            story();
            store.Containers.Remove("c1");
        }
    }

    /// <summary>The image of all of them.</summary>
    public static void ImportImage(Store store, string place)
    {
        var archive = Path.Combine(place, "image.tar");
        new ImageBuilder("base:1").Layer(("etc/motd", "hello"), ("srv/a/one", "1"), ("srv/a/sub/two", "22")).WriteDockerArchive(archive);
        _ = store.Images.Import(archive, new ImportOptions()).ToList();
    }

    /// <summary>A container of that image, and files of this machine's.</summary>
    public static void Prepare(Store store, string host)
    {
        store.Containers.Create(new ContainerOptions { Image = "base:1", Name = "c1" });
        Directory.CreateDirectory(Path.Combine(host, "in/sub"));
        File.WriteAllText(Path.Combine(host, "in/one"), "one");
        File.WriteAllText(Path.Combine(host, "in/sub/two"), "two");
    }

    private string Host(string path) => Path.Combine(_host, path);

    private static string Error(Action action) => Assert.Throws<StoreException>(action).ErrorId;

    /// <summary>What a container shows of a directory: paths and contents.</summary>
    private string Show(string path)
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

    private void Destinations_mean_what_docker_says(bool mounted)
    {
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
        Assert.Equal("motd=one one=one", Show("/etc"));
        Assert.Equal("one=one sub/two=two", Show("/dir"));
        Assert.Equal("one=one sub/two=two", Show("/other"));
        Assert.Equal(A, Show("/srv/a"));
        Assert.Equal(A, Tree(Host("out1")));
        Assert.Equal($"a/{A.Replace(" ", " a/", StringComparison.Ordinal)} {A}", Tree(Host("out2")));
        Assert.Equal("one", File.ReadAllText(Host("out3")));
        Assert.Empty(MountTable.Below(place));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(store.Root, StoreRoot.MountsName)));
    }

    private void Copies_belong_to_root_and_to_who_copies_unless_archived()
    {
        Command.Run("bash", "-ec", $"cd {Host("in")}; chown -R 12:34 .; chmod 6755 one; ln one hard; ln -s /etc/passwd link; mkfifo pipe; mknod null c 1 3; setfattr -n user.x -v y one; chmod 1777 sub; touch -d @1600000000.5 sub/two sub");
        // aufs knows whole seconds of the times that somebody sets.
        if (store.Driver.Name == "aufs")
            Command.Run("find", Host("in"), "-exec", "touch", "-h", "-d", "@1600000000", "{}", "+");

        var plain = store.Containers.CopyTo("c1", Host("in"), "/plain");
        var kept = store.Containers.CopyTo("c1", Host("in"), "/kept", new ContainerCopyOptions { Archive = true });
        store.Containers.CopyFrom("c1", "/kept", Host("back"), new ContainerCopyOptions { Archive = true });
        store.Containers.CopyFrom("c1", "/kept", Host("mine"));

        Assert.Equal((1, $"{Host("in")}/null: a device; -Archive copies devices"), (plain.SkippedCount, plain.Skipped[0]));
        Assert.Equal((0, 8), (kept.SkippedCount, kept.Entries));
        Assert.Equal(TreeFingerprint.Of(Host("in")), TreeFingerprint.Of(Host("back")));
        var mount = store.Containers.Mount("c1", readOnly: true).Path;
        // How many links a directory has is the file system's own matter.
        const string Format = "find {0} -type d -printf '%P %M %u\\n' -o -printf '%P %M %u %n %l\\n' | sort";
        Assert.Equal(
            " drwxr-xr-x root\nhard -rwxr-xr-x root 2 \nlink lrwxrwxrwx root 1 /etc/passwd\none -rwxr-xr-x root 2 \npipe prw-r--r-- root 1 \nsub drwxrwxrwt root\nsub/two -rw-r--r-- root 1 \n",
            Command.Run("bash", "-c", string.Format(null, Format, mount + "/plain")));
        Assert.Equal(Command.Run("bash", "-c", string.Format(null, Format, Host("in"))), Command.Run("bash", "-c", string.Format(null, Format, mount + "/kept")));
        Assert.Equal("755 root", Command.Run("stat", "-c", "%a %U", Host("mine/one")).Trim());
        Assert.False(File.Exists(Host("mine/null")));
        store.Containers.Dismount("c1");
    }

    private void A_link_at_the_end_is_copied_or_followed_and_one_at_the_destination_leads_on()
    {
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
}
