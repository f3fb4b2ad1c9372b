using LayerStore.Images;
using LayerStore.Images.Formats;
using LayerStore.Layers;

namespace LayerStore.Tests.Images;

public sealed class LayerQueueTests
{
    private const long Largest = 128L << 20;

    [Fact]
    public async Task A_second_large_window_waits_for_the_first()
    {
        var (first, second, small) = (Import(Largest), Import(Largest), Import(0));
        var queue = new LayerQueue([first, second, small]);
        foreach (var import in (LayerImport[])[first, second, small])
        {
            Assert.True(queue.TryTake(out var taken, CancellationToken.None));
            Assert.Same(import, taken);
        }
        Assert.False(queue.TryTake(out _, CancellationToken.None));
        queue.Reserve(first, CancellationToken.None);
        var last = Task.Run(() => queue.Reserve(small, CancellationToken.None));
        var next = Task.Run(() => queue.Reserve(second, CancellationToken.None));
        Assert.NotSame(next, await Task.WhenAny(next, last, Task.Delay(100)));
        Assert.False(last.IsCompleted, "a layer got its memory before one that was taken earlier");
        queue.Done(first);
        await next;
        await last;
    }

    [Fact]
    public void Usual_windows_do_not_wait_and_one_that_is_too_large_for_all_goes_alone()
    {
        var queue = new LayerQueue([.. Enumerable.Range(0, 16).Select(_ => Import(8 << 20))]);
        for (var i = 0; i < 16; i++)
        {
            Assert.True(queue.TryTake(out var import, CancellationToken.None));
            queue.Reserve(import, CancellationToken.None);
        }
        var alone = new LayerQueue([Import(long.MaxValue)]);
        Assert.True(alone.TryTake(out var large, CancellationToken.None));
        alone.Reserve(large, CancellationToken.None);
    }

    [Fact]
    public async Task Waiting_ends_when_the_import_stops()
    {
        using var stop = new CancellationTokenSource();
        var queue = new LayerQueue([Import(Largest), Import(Largest)]);
        Assert.True(queue.TryTake(out var first, stop.Token));
        Assert.True(queue.TryTake(out var second, stop.Token));
        queue.Reserve(first, stop.Token);
        var waiting = Task.Run(() => queue.Reserve(second, stop.Token));
        await Task.Delay(50);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private static LayerImport Import(long window) => new(
        new ArchivedLayer(default, "layer", null, null), new IngestLayer(LayerId.New(), default, default, alreadyExists: false, 0), null,
        new LayerProgress(null, "image", default, 0, 1, alreadyExists: false), "layer")
    { WindowBytes = window };
}
