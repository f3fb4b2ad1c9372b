using System.Text;

namespace LayerStore.Linux;

/// <summary>Names and paths as the kernel takes them: bytes that end with NUL.</summary>
internal static class FileName
{
    /// <summary><paramref name="name"/> with a NUL behind it.</summary>
    public static byte[] Terminated(ReadOnlySpan<byte> name)
    {
        var result = new byte[name.Length + 1];
        name.CopyTo(result);
        return result;
    }

    /// <summary>UTF-8 with a NUL behind it.</summary>
    public static byte[] Terminated(string name)
    {
        var result = new byte[Encoding.UTF8.GetByteCount(name) + 1];
        Encoding.UTF8.GetBytes(name, result);
        return result;
    }

    /// <summary>The directory and the last name of a path without a slash at either end; a path of one name is in the root, which is empty.</summary>
    public static (byte[] Parent, byte[] Name) SplitLast(ReadOnlySpan<byte> path)
    {
        var slash = path.LastIndexOf((byte)'/');
        return slash < 0 ? ([], path.ToArray()) : (path[..slash].ToArray(), path[(slash + 1)..].ToArray());
    }

    /// <summary><paramref name="directory"/>/<paramref name="name"/>, neither terminated; an empty directory is the root.</summary>
    public static byte[] Join(ReadOnlySpan<byte> directory, ReadOnlySpan<byte> name) =>
        directory.IsEmpty ? name.ToArray() : [.. directory, (byte)'/', .. name];
}
