using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace LayerStore.Metadata;

/// <summary>SQLite itself, a native library that is there for some platforms only.</summary>
internal static class SqliteLibrary
{
    /// <summary>Loads it, before anything is made that would have to be taken back.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.PlatformUnsupported"/>: there is none that this process can load.</exception>
    internal static void Require()
    {
        try
        {
            RuntimeHelpers.RunClassConstructor(typeof(SqliteConnection).TypeHandle);
        }
        catch (TypeInitializationException e) when (e.GetBaseException() is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw new StoreException(ErrorIds.PlatformUnsupported, StoreErrorKind.NotSupported, RuntimeInformation.RuntimeIdentifier,
                $"No store can be opened on {RuntimeInformation.RuntimeIdentifier}: SQLite's library e_sqlite3, which every store needs, is not there for it or cannot be loaded.",
                "Use Linux on x64 or arm64, with glibc 2.34 or later or with musl; where this is one, install the module again.", e);
        }
    }
}
