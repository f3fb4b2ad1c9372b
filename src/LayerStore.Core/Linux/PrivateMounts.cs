namespace LayerStore.Linux;

/// <summary>A view of the machine's mounts for one piece of work and the programs that it starts: what it mounts nobody else sees, and it ends with the work, also where the process dies.</summary>
internal static class PrivateMounts
{
    /// <summary>Does the work on a thread of its own, which alone has that view.</summary>
    /// <returns>What the work gives; the default where this process may have no such view.</returns>
    public static T? Run<T>(Func<T> work)
    {
        T? result = default;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                // Without the second call what is mounted here would be mounted everywhere.
                if (Libc.Unshare(Libc.CLONE_NEWNS) == 0 && Libc.Mount("none", "/", null, Libc.MS_REC | Libc.MS_PRIVATE, null) == 0)
                    result = work();
            }
#pragma warning disable CA1031 // Handed on to the caller's thread.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        return result;
    }
}
