using System.Text;

namespace LayerStore.PS.Formatting;

/// <summary>
/// Layers as a tree: a layer that alone stands on another is written below it, several that do are branches. So a chain of hundreds of layers stays narrow, and it is seen which layers images share.
/// </summary>
public static class LayerTree
{
    private const string Fork = "├─ ", Last = "└─ ", Through = "│  ", Nothing = "   ";

    /// <summary>The branch as the terminal can show it: plain ASCII where its encoding has no lines.</summary>
    /// <param name="branch">What stands before a layer's id.</param>
    /// <param name="encoding">The encoding of what is shown; null for the console's.</param>
    public static string Draw(string? branch, Encoding? encoding = null)
    {
        var text = branch ?? "";
        return Shows(encoding ?? Console.OutputEncoding)
            ? text
            : text.Replace(Fork, "|- ", StringComparison.Ordinal).Replace(Last, "`- ", StringComparison.Ordinal).Replace(Through, "|  ", StringComparison.Ordinal);
    }

    /// <summary>A layer on one line: branch, id, size, and the images that end with it.</summary>
    public static string Line(string? branch, string? id, long? size, object? images)
    {
        var names = DriverText.Join(images);
        return $"{Draw(branch)}{DockerText.ShortId(id)} {DockerText.Size(size)}{(names.Length > 0 ? "  " : "")}{names}";
    }

    /// <summary>The layers of one store in the order of the tree, each with what is drawn before it and the images that end with it.</summary>
    /// <param name="layers">The layers to show.</param>
    /// <param name="known">All layers of the store: only they say which images go on.</param>
    internal static IEnumerable<(ContainerLayer Layer, string Branch, string[] Images)> Arrange(IEnumerable<ContainerLayer> layers, IEnumerable<ContainerLayer> known)
    {
        var goingOn = known.ToLookup(layer => layer.ParentId ?? "", layer => layer.Images);
        var all = layers.DistinctBy(layer => layer.Id).ToDictionary(layer => layer.Id);
        var children = all.Values.ToLookup(layer => layer.ParentId is { } parent && all.ContainsKey(parent) ? parent : "");
        // Not by recursion: an image may have hundreds of layers.
        var next = new Stack<(ContainerLayer Layer, string Before, string Below)>();
        Push("", "", alone: true);
        while (next.TryPop(out var item))
        {
            yield return (item.Layer, item.Before, [.. item.Layer.Images.Except(goingOn[item.Layer.Id].SelectMany(images => images), StringComparer.Ordinal)]);
            Push(item.Layer.Id, item.Below, children[item.Layer.Id].Count() == 1);
        }

        void Push(string parent, string indent, bool alone)
        {
            var above = children[parent].OrderBy(layer => layer.Created).ThenBy(layer => layer.Id, StringComparer.Ordinal).ToArray();
            for (var index = above.Length - 1; index >= 0; index--)
            {
                var isLast = index == above.Length - 1;
                next.Push(alone || parent.Length == 0
                    ? (above[index], indent, indent)
                    : (above[index], indent + (isLast ? Last : Fork), indent + (isLast ? Nothing : Through)));
            }
        }
    }

    private static bool Shows(Encoding encoding)
    {
        var copy = (Encoding)encoding.Clone();
        copy.EncoderFallback = EncoderFallback.ExceptionFallback;
        try
        {
            return copy.GetByteCount(Fork + Last + Through) > 0;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}
