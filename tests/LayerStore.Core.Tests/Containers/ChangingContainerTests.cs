using LayerStore.Drivers.Trees;
using LayerStore.Layers;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Containers;

/// <summary>A container into which somebody writes while it is read.</summary>
public sealed class ChangingContainerTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_that_shrinks_or_goes_away_while_it_is_read_is_an_error_that_names_it(bool shrinks)
    {
        using var place = new TestDirectory();
        var file = Path.Combine(place.Path, "log");
        File.WriteAllText(Path.Combine(place.Path, "first"), "x");
        File.WriteAllText(file, "long enough");
        using var stack = new LayerStack([(place.Path, null)]);
        // When the first file's header is written, the second has been looked at and not yet been read.
        using var destination = new ActingStream(() =>
        {
            if (shrinks)
                File.WriteAllText(file, "x");
            else
                File.Delete(file);
        });

        CompleteError.Of(ErrorIds.ContainerChanging, StoreErrorKind.InUse, "/log", "'/log'", () => new TreeArchive(stack, destination, default).WriteAll());
    }

    /// <summary>Does something when the first file's header is written.</summary>
    private sealed class ActingStream(Action action) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (buffer.StartsWith("first"u8))
                action();
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
    }
}
