using System.Runtime.InteropServices;

namespace LayerStore.Linux.Zfs;

/// <summary>
/// OpenZFS's own libraries, as far as they have not changed between its releases since 0.8: of libzfs only functions that take handles, names and numbers that it gave out itself, of libzfs_core what its
/// authors promise to keep, and libnvpair, by which both take lists. One load brings all three: the first is linked with the others. Its file's name has a number that grows with the releases.
/// </summary>
internal static partial class LibZfs
{
    /// <summary>DMU_OST_ZFS: a file system, as <see cref="CreateDataset"/> calls it.</summary>
    public const int FileSystemObjects = 2;

    /// <summary>ZFS_TYPE_FILESYSTEM: a file system, as <see cref="OpenDataset"/> calls it.</summary>
    public const int FileSystemType = 1;

    /// <summary>PROP_TYPE_NUMBER and PROP_TYPE_INDEX: what properties can be; the third is a text.</summary>
    public const int NumberProperty = 0, IndexProperty = 2;

    private const string Library = "libzfs";

    // 0.8 has 2, 2.0 to 2.2 have 4, 2.3 has 6.
    private static readonly string[] s_files = ["libzfs.so.7", "libzfs.so.6", "libzfs.so.5", "libzfs.so.4", "libzfs.so.3", "libzfs.so.2"];

    // What came with 0.8, so that an older library counts for none.
    private static readonly string[] s_newest = ["lzc_destroy", "lzc_sync", "zfs_prop_string_to_index"];

    private static readonly Lazy<bool> s_installed = new(Load);

    /// <summary>True where the functions are there; no other may be called before this was asked.</summary>
    public static bool IsInstalled => s_installed.Value;

    /// <summary>Opens <c>/dev/zfs</c> for libzfs_core; an errno, or zero.</summary>
    [LibraryImport(Library, EntryPoint = "libzfs_core_init")]
    public static partial int OpenCore();

    [LibraryImport(Library, EntryPoint = "libzfs_core_fini")]
    public static partial void CloseCore();

    /// <summary>Gives a handle, or zero. It opens <c>/dev/zfs</c>, and libzfs_core with it.</summary>
    [LibraryImport(Library, EntryPoint = "libzfs_init")]
    public static partial nint Open();

    [LibraryImport(Library, EntryPoint = "libzfs_fini")]
    public static partial void Close(nint handle);

    /// <summary>Whether it writes its errors to standard error itself, and ends the process on some.</summary>
    [LibraryImport(Library, EntryPoint = "libzfs_print_on_error")]
    public static partial void PrintOnError(nint handle, int print);

    /// <summary>Gives a dataset's handle, or zero.</summary>
    [LibraryImport(Library, EntryPoint = "zfs_open", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint OpenDataset(nint handle, string name, int type);

    [LibraryImport(Library, EntryPoint = "zfs_close")]
    public static partial void CloseDataset(nint dataset);

    /// <summary>A property's number in this release; negative where it has none of that name.</summary>
    [LibraryImport(Library, EntryPoint = "zfs_name_to_prop", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int PropertyOf(string name);

    [LibraryImport(Library, EntryPoint = "zfs_prop_get_type")]
    public static partial int PropertyType(int property);

    /// <summary>Zero where a property takes such a word; and its number then.</summary>
    [LibraryImport(Library, EntryPoint = "zfs_prop_string_to_index", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int IndexOf(int property, string word, out ulong index);

    /// <summary>A number that a dataset's property is.</summary>
    [LibraryImport(Library, EntryPoint = "zfs_prop_get_int")]
    public static partial ulong NumberOf(nint dataset, int property);

    // Of here on an errno, or zero.

    [LibraryImport(Library, EntryPoint = "lzc_create", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CreateDataset(string name, int type, NameValueList properties, nint key, uint keyLength);

    [LibraryImport(Library, EntryPoint = "lzc_clone", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CloneSnapshot(string name, string origin, NameValueList properties);

    [LibraryImport(Library, EntryPoint = "lzc_snapshot")]
    public static partial int CreateSnapshots(NameValueList names, nint properties, out nint errors);

    [LibraryImport(Library, EntryPoint = "lzc_destroy", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int DestroyDataset(string name);

    [LibraryImport(Library, EntryPoint = "lzc_destroy_snaps")]
    public static partial int DestroySnapshots(NameValueList names, int deferred, out nint errors);

    [LibraryImport(Library, EntryPoint = "lzc_sync", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SyncPool(string pool, NameValueList options, nint unused);

    /// <summary>Zero where there is no such dataset or snapshot.</summary>
    [LibraryImport(Library, EntryPoint = "lzc_exists", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Exists(string name);

    [LibraryImport(Library, EntryPoint = "nvlist_alloc")]
    public static partial int NewList(out nint list, uint flags, int unused);

    [LibraryImport(Library, EntryPoint = "nvlist_free")]
    public static partial void FreeList(nint list);

    [LibraryImport(Library, EntryPoint = "nvlist_add_boolean", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int AddName(NameValueList list, string name);

    [LibraryImport(Library, EntryPoint = "nvlist_add_boolean_value", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int AddBoolean(NameValueList list, string name, int value);

    [LibraryImport(Library, EntryPoint = "nvlist_add_uint64", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int AddNumber(NameValueList list, string name, ulong value);

    [LibraryImport(Library, EntryPoint = "nvlist_add_string", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int AddText(NameValueList list, string name, string value);

    private static bool Load()
    {
        foreach (var file in s_files)
        {
            if (!NativeLibrary.TryLoad(file, out var library))
                continue;
            if (!s_newest.All(function => NativeLibrary.TryGetExport(library, function, out _)))
                return false;
            NativeLibrary.SetDllImportResolver(typeof(LibZfs).Assembly, (name, _, _) => name == Library ? library : 0);
            return true;
        }
        return false;
    }
}
