using LayerStore.Archives;
using LayerStore.Linux;

namespace LayerStore.Images.Export;

/// <summary>
/// Compresses layers into nameless files beside the export, several at once and some ahead of whoever takes them in order: a blob's length and digest, which stand before
/// it, are known only when it is complete.
/// </summary>
/// <param name="directory">Where the files are made.</param>
/// <param name="compression">How.</param>
/// <param name="write">Writes a layer's archive.</param>
/// <param name="cancellation">Stops within one buffer.</param>
internal sealed class LayerCompressor(string directory, CompressionKind compression, Action<int, Stream, CancellationToken> write, CancellationToken cancellation) : IDisposable
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    private readonly List<Task<(NewFile File, ExportedBlob Blob)>> _tasks = [];
    private int _taken;

    /// <summary>The next layer's blob; the caller disposes the file.</summary>
    /// <param name="count">How many layers there are.</param>
    public (NewFile File, ExportedBlob Blob) Next(int count)
    {
        while (_tasks.Count < Math.Min(count, _taken + Environment.ProcessorCount))
        {
            var index = _tasks.Count;
            _tasks.Add(Task.Factory.StartNew(() => Compress(index), _stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        }
        return _tasks[_taken++].GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        _stop.Cancel();
        foreach (var task in _tasks)
        {
            // What failed was thrown by Next, or nobody wants it any more.
            ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
            if (task.IsCompletedSuccessfully)
                task.Result.File.Dispose();
            _ = task.Exception;
        }
        _stop.Dispose();
    }

    private (NewFile, ExportedBlob) Compress(int index)
    {
        var file = NewFile.Create(Path.Combine(directory, "blob"), mode: 0x180);
        try
        {
            using var digested = new DigestingStream(file.Stream);
            using (var compressed = Compression.Open(digested, compression))
                write(index, compressed, _stop.Token);
            return (file, new ExportedBlob(digested.Finish(), digested.Count));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
