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
        Assert.True(queue.TryTake(out var taken, CancellationToken.None));
        Assert.Same(first, taken);
        var next = Task.Run(() => queue.TryTake(out var import, CancellationToken.None) ? import : null);
        Assert.NotSame(next, await Task.WhenAny(next, Task.Delay(100)));
        queue.Done(first);
        Assert.Same(second, await next);
        Assert.True(queue.TryTake(out taken, CancellationToken.None));
        Assert.Same(small, taken);
        Assert.False(queue.TryTake(out _, CancellationToken.None));
    }

    [Fact]
    public void Usual_windows_do_not_wait_and_one_that_is_too_large_for_all_goes_alone()
    {
        var queue = new LayerQueue([.. Enumerable.Range(0, 16).Select(_ => Import(8 << 20))]);
        for (var i = 0; i < 16; i++)
            Assert.True(queue.TryTake(out _, CancellationToken.None));
        Assert.True(new LayerQueue([Import(long.MaxValue)]).TryTake(out _, CancellationToken.None));
    }

    [Fact]
    public async Task Waiting_ends_when_the_import_stops()
    {
        using var stop = new CancellationTokenSource();
        var queue = new LayerQueue([Import(Largest), Import(Largest)]);
        Assert.True(queue.TryTake(out _, stop.Token));
        var waiting = Task.Run(() => queue.TryTake(out _, stop.Token));
        await Task.Delay(50);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private static LayerImport Import(long window) => new(
        new ArchivedLayer(default, "layer", null, null), new IngestLayer(LayerId.New(), default, default, alreadyExists: false, 0), null,
        new LayerProgress(null, "image", default, 0, 1, alreadyExists: false), "layer")
    { WindowBytes = window };
}
