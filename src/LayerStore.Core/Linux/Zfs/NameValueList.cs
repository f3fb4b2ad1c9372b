using System.Runtime.InteropServices;

namespace LayerStore.Linux.Zfs;

/// <summary>An nvlist_t of libnvpair: names with values of several types, as OpenZFS's libraries take them.</summary>
internal sealed class NameValueList : SafeHandle
{
    // A name is there once.
    private const uint UniqueNames = 1;

    /// <summary>Makes an empty one.</summary>
    public NameValueList() : base(0, ownsHandle: true)
    {
        Check(LibZfs.NewList(out var list, UniqueNames, 0));
        SetHandle(list);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>A list of names.</summary>
    public static NameValueList OfName(string name)
    {
        var list = new NameValueList();
        Check(LibZfs.AddName(list, name));
        return list;
    }

    /// <summary>A list of one switch.</summary>
    public static NameValueList OfBoolean(string name, bool value)
    {
        var list = new NameValueList();
        Check(LibZfs.AddBoolean(list, name, value ? 1 : 0));
        return list;
    }

    /// <summary>Properties as zfs(8) takes them (<c>atime=off</c>, <c>quota=1000000</c>), each as what it is in this release.</summary>
    /// <returns>Null where a property of this release takes no such value.</returns>
    public static NameValueList? OfProperties(IEnumerable<string> assignments)
    {
        var list = new NameValueList();
        foreach (var assignment in assignments)
        {
            var (name, value) = (assignment[..assignment.IndexOf('=', StringComparison.Ordinal)], assignment[(assignment.IndexOf('=', StringComparison.Ordinal) + 1)..]);
            var property = LibZfs.PropertyOf(name);
            // A property with a colon in its name is the administrator's or a program's, and a text.
            var type = property >= 0 ? LibZfs.PropertyType(property) : -1;
            var number = 0UL;
            if (type == LibZfs.IndexProperty ? LibZfs.IndexOf(property, value, out number) != 0 : type == LibZfs.NumberProperty && !ulong.TryParse(value, out number))
            {
                list.Dispose();
                return null;
            }
            Check(type is LibZfs.IndexProperty or LibZfs.NumberProperty ? LibZfs.AddNumber(list, name, number) : LibZfs.AddText(list, name, value));
        }
        return list;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibZfs.FreeList(handle);
        return true;
    }

    private static void Check(int error)
    {
        // The only reason that there is.
        if (error != 0)
            throw new InsufficientMemoryException();
    }
}
