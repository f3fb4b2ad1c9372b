using System.Runtime.InteropServices;
using LayerStore.Archives;
using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Images.Formats;

/// <summary>Reads a pipe that was opened without blocking, and can be stopped while nobody writes.</summary>
internal sealed unsafe class PipeStream(SafeFileHandle pipe, string path, CancellationToken cancellation) : ReadOnlyStream
{
    private const int PollMilliseconds = 50;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var fd = (int)pipe.DangerousGetHandle();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            // A pipe that never had a writer is not at its end: poll waits for the first one.
            var poll = new PollFd { FileDescriptor = fd, Events = PollFd.In };
            if (Libc.Poll(&poll, 1, PollMilliseconds) <= 0)
                continue;
            fixed (byte* start = buffer)
            {
                var read = Libc.Read(fd, start, (nuint)buffer.Length);
                if (read >= 0)
                    return (int)read;
            }
            if (Marshal.GetLastPInvokeError() is not (Errno.EAGAIN or Errno.EINTR))
                throw LinuxError.Last("read", path);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            pipe.Dispose();
        base.Dispose(disposing);
    }
}
