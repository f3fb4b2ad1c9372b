using System.Diagnostics;
using LayerStore.Linux;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Kernel;

public sealed class MountsTests : IDisposable
{
    private static readonly KeyValuePair<string, string?>[] s_options = [new("index", "off")];

    private readonly TestDirectory _place = new("/dev/shm");

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("Contexts", 500)]
    [InlineData("Automatic", 500)]
    [InlineData("Classic", 150)]
    public void Many_layers_are_mounted_in_their_order(string @interface, int count)
    {
        var mounts = new Mounts(Enum.Parse<MountInterface>(@interface));
        var plan = Overlay(count);
        var target = _place.Make("merged");
        mounts.Mount(plan, target);
        Assert.Equal("0", File.ReadAllText(Path.Combine(target, "top")));
        Assert.Equal(count, Directory.EnumerateFiles(target, "file*").Count());
        File.WriteAllText(Path.Combine(target, "top"), "changed");
        Assert.Equal("changed", File.ReadAllText(Path.Combine(plan.Upper!, "top")));
        mounts.Unmount(target);
        Assert.False(mounts.IsMounted(target));
    }

    [Theory]
    [InlineData("Contexts", 501, "OVL_MAX_STACK")]
    [InlineData("Classic", 501, "OVL_MAX_STACK")]
    [InlineData("Classic", 400, "one page")]
    public void Too_many_layers_are_refused_with_the_limit_and_its_reason(string @interface, int count, string reason)
    {
        var mounts = new Mounts(Enum.Parse<MountInterface>(@interface));
        var target = _place.Make("merged");
        var error = Assert.Throws<StoreException>(() => mounts.Mount(Overlay(count), target));
        Assert.Equal(ErrorIds.LayerDepthExceeded, error.ErrorId);
        Assert.Contains($"{count} layers", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.False(mounts.IsMounted(target));
    }

    [Theory]
    [InlineData("Contexts")]
    [InlineData("Classic")]
    public void Paths_may_be_long_and_hold_any_character(string @interface)
    {
        var mounts = new Mounts(Enum.Parse<MountInterface>(@interface));
        foreach (var name in new[] { new string('x', 200) + "/" + new string('y', 200), "with:colon", "with,comma=x", "with\\backslash", "with space\nand line", "ünïcode" })
        {
            var lower = _place.Make(name + "/lower");
            File.WriteAllText(Path.Combine(lower, "file"), name);
            var target = _place.Make("merged " + Guid.NewGuid());
            mounts.Mount(new MountPlan.Overlay([lower, _place.Make("other")], _place.Make(name + "/upper"), _place.Make(name + "/work"), s_options), target);
            Assert.Equal(name, File.ReadAllText(Path.Combine(target, "file")));
            File.WriteAllText(Path.Combine(target, "file"), "");
            mounts.Unmount(target);
        }
    }

    [Theory]
    [InlineData("Contexts")]
    [InlineData("Classic")]
    public void An_overlay_without_an_upper_directory_refuses_writes(string @interface)
    {
        var target = _place.Make("merged");
        new Mounts(Enum.Parse<MountInterface>(@interface)).Mount(new MountPlan.Overlay([_place.Make("a"), _place.Make("b")], null, null, s_options), target);
        Assert.ThrowsAny<IOException>(() => File.WriteAllText(Path.Combine(target, "file"), "x"));
    }

    [Fact]
    public void An_overlay_at_the_depth_limit_can_still_be_mounted_read_only()
    {
        var target = _place.Make("merged");
        new Mounts().Mount(Overlay(500) with { ReadOnly = true }, target);
        Assert.Equal("0", File.ReadAllText(Path.Combine(target, "top")));
        Assert.ThrowsAny<IOException>(() => File.WriteAllText(Path.Combine(target, "file"), "x"));
    }

    [Theory]
    [InlineData("Contexts")]
    [InlineData("Classic")]
    public void What_the_kernel_logs_about_a_mount_that_it_refuses_is_part_of_the_error(string @interface)
    {
        var target = _place.Make("merged");
        using var elsewhere = new TestDirectory();
        var plan = Overlay(2) with { Work = elsewhere.Make("work") };
        var error = Assert.Throws<StoreException>(() => new Mounts(Enum.Parse<MountInterface>(@interface)).Mount(plan, target));
        Assert.Equal(ErrorIds.MountFailed, error.ErrorId);
        Assert.Contains("the kernel says: overlayfs: workdir and upperdir must reside under the same mount", error.Message, StringComparison.Ordinal);
        Assert.False(new Mounts().IsMounted(target));
    }

    [Fact]
    public void An_option_that_the_kernel_does_not_know_is_named()
    {
        var plan = Overlay(2) with { Options = [new("layerstore", "x")] };
        var error = Assert.Throws<StoreException>(() => new Mounts(MountInterface.Contexts).Mount(plan, _place.Make("merged")));
        Assert.Equal(ErrorIds.MountFailed, error.ErrorId);
        Assert.Contains("Unknown parameter 'layerstore' (layerstore=x)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_that_is_not_there_is_named()
    {
        var plan = Overlay(2);
        var missing = Path.Combine(_place.Path, "missing");
        var error = Assert.Throws<StoreException>(() => new Mounts().Mount(plan with { Lowers = [missing, plan.Lowers[1]] }, _place.Make("merged")));
        Assert.Contains(missing, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bind_mounts_show_a_directory_and_read_only_ones_refuse_writes()
    {
        var source = _place.Make("source");
        File.WriteAllText(Path.Combine(source, "file"), "x");
        var (writable, readOnly, classic) = (_place.Make("writable"), _place.Make("read-only"), _place.Make("classic"));
        var mounts = new Mounts();
        mounts.Mount(new MountPlan.Bind(source, ReadOnly: false), writable);
        mounts.Mount(new MountPlan.Bind(source, ReadOnly: true), readOnly);
        BindMount.MountThenRemount(new MountPlan.Bind(source, ReadOnly: true), classic);
        File.WriteAllText(Path.Combine(writable, "file"), "changed");
        foreach (var target in new[] { readOnly, classic })
        {
            Assert.Equal("changed", File.ReadAllText(Path.Combine(target, "file")));
            Assert.ThrowsAny<IOException>(() => File.WriteAllText(Path.Combine(target, "file"), "y"));
        }
    }

    [Fact]
    public void A_mount_is_private()
    {
        var target = _place.Make("merged with space");
        new Mounts().Mount(Overlay(2), target);
        var line = File.ReadLines("/proc/self/mountinfo").Single(line => MountTable.MountPoint(line) == target);
        Assert.DoesNotContain("shared:", line, StringComparison.Ordinal);
    }

    [Fact]
    public void IsMounted_is_true_for_the_mount_point_only()
    {
        var mounts = new Mounts();
        var target = _place.Make("merged");
        Assert.False(mounts.IsMounted(target));
        mounts.Mount(new MountPlan.Bind(_place.Make("source"), ReadOnly: false), target);
        Directory.CreateDirectory(Path.Combine(target, "sub"));
        Assert.True(mounts.IsMounted(target));
        Assert.True(MountTable.Contains(target));
        Assert.False(mounts.IsMounted(Path.Combine(target, "sub")));
        Assert.False(mounts.IsMounted(Path.Combine(_place.Path, "missing")));
        mounts.Unmount(target);
        mounts.Unmount(target);
        mounts.Unmount(Path.Combine(_place.Path, "missing"));
        Assert.False(mounts.IsMounted(target));
    }

    [Fact]
    public void Unmounting_does_not_follow_a_symbolic_link()
    {
        var target = _place.Make("merged");
        new Mounts().Mount(new MountPlan.Bind(_place.Make("source"), ReadOnly: false), target);
        var link = Path.Combine(_place.Path, "link");
        File.CreateSymbolicLink(link, target);
        new Mounts().Unmount(link);
        Assert.True(new Mounts().IsMounted(target));
    }

    [Fact]
    public void A_busy_mount_names_the_processes_that_use_it()
    {
        var target = _place.Make("merged");
        var mounts = new Mounts();
        mounts.Mount(new MountPlan.Bind(_place.Make("source"), ReadOnly: false), target);
        using var sleeper = Process.Start(new ProcessStartInfo("sleep", "600") { WorkingDirectory = target })!;
        try
        {
            var error = Assert.Throws<StoreException>(() => mounts.Unmount(target));
            Assert.Equal(ErrorIds.MountBusy, error.ErrorId);
            Assert.Equal(StoreErrorKind.InUse, error.Kind);
            Assert.Contains($"sleep ({sleeper.Id})", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            sleeper.Kill();
            sleeper.WaitForExit();
        }
        mounts.Unmount(target);
    }

    private MountPlan.Overlay Overlay(int count)
    {
        var lowers = new List<string>();
        for (var i = 0; i < count; i++)
        {
            // As long as a real layer's path.
            var lower = _place.Make($"{i:d4}{new string('0', 60)}/diff");
            File.WriteAllText(Path.Combine(lower, $"file{i}"), $"{i}");
            File.WriteAllText(Path.Combine(lower, "top"), $"{i}");
            lowers.Add(lower);
        }
        return new MountPlan.Overlay(lowers, _place.Make("upper"), _place.Make("work"), s_options);
    }

    [Fact]
    public void A_mount_that_only_root_may_make_does_not_recommend_what_the_user_has()
    {
        var error = MountErrors.Failed("mount", "/mnt", Errno.EPERM, "");
        Assert.Equal(ErrorIds.PermissionDenied, error.ErrorId);
        Assert.Contains("without -ReadOnly and -Path", error.RecommendedAction, StringComparison.Ordinal);
        Assert.DoesNotContain("or use", error.RecommendedAction, StringComparison.Ordinal);
    }
}
