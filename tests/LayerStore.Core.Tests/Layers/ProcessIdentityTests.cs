using System.Diagnostics;
using LayerStore.Linux;

namespace LayerStore.Tests.Layers;

public sealed class ProcessIdentityTests
{
    [Fact]
    public void This_process_is_alive()
    {
        Assert.True(ProcessIdentity.Current.IsAlive());
        Assert.NotEqual(0, ProcessIdentity.Current.StartTime);
        Assert.NotEqual(0, ProcessIdentity.Current.PidNamespace);
        Assert.Matches("^[0-9a-f-]{36}$", ProcessIdentity.Current.BootId);
    }

    [Fact]
    public void A_process_of_another_boot_is_dead() => Assert.False((ProcessIdentity.Current with { BootId = "another" }).IsAlive());

    [Fact]
    public void A_pid_that_was_given_to_another_process_is_dead() =>
        Assert.False((ProcessIdentity.Current with { StartTime = ProcessIdentity.Current.StartTime + 1 }).IsAlive());

    [Fact]
    public void A_process_of_another_pid_namespace_cannot_be_judged_and_counts_as_alive() =>
        Assert.True((ProcessIdentity.Current with { Pid = int.MaxValue, PidNamespace = 1 }).IsAlive());

    [Fact]
    public void A_process_that_has_ended_is_dead_also_before_its_parent_has_noticed()
    {
        using var sleeper = Process.Start("sleep", "60");
        var identity = ProcessIdentity.Current with { Pid = sleeper.Id, StartTime = 0 };
        Assert.True(identity.IsAlive());
        _ = Libc.Kill(sleeper.Id, 9);
        SpinWait.SpinUntil(() => !identity.IsAlive(), TimeSpan.FromSeconds(10));
        Assert.False(identity.IsAlive());
    }
}
