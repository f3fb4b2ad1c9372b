using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace LayerStore.Package.Tests;

/// <summary>The libraries that other modules bring, too: older ones as they were published, the same, and newer ones, which are the same with a higher version.</summary>
internal static class OtherLibraries
{
    private static readonly string Packages = typeof(OtherLibraries).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Packages").Value!;

    private static readonly string[] Older =
        ["yamldotnet/13.7.1/lib/net7.0/YamlDotNet.dll", "microsoft.data.sqlite.core/9.0.0/lib/net8.0/Microsoft.Data.Sqlite.dll", "zstdsharp.port/0.7.3/lib/net7.0/ZstdSharp.dll"];

    // What Microsoft.Data.Sqlite needs beside it; all of its versions work with these.
    private static readonly string[] Needed = ["SQLitePCLRaw.core.dll", "SQLitePCLRaw.provider.e_sqlite3.dll", "SQLitePCLRaw.batteries_v2.dll"];

    /// <summary>Why the older ones are not there; null where they are.</summary>
    internal static string? MissingOlder { get; } =
        Older.FirstOrDefault(file => !File.Exists(Path.Combine(Packages, file))) is { } missing ? $"{missing} could not be had from NuGet" : null;

    /// <summary>Puts them into a folder.</summary>
    /// <param name="folder">Where another module has them.</param>
    /// <param name="kind">older, same or newer.</param>
    /// <param name="dependencies">Ours.</param>
    internal static void Write(string folder, string kind, string dependencies)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Older)
        {
            var name = Path.GetFileName(file);
            var bytes = File.ReadAllBytes(kind == "older" ? Path.Combine(Packages, file) : Path.Combine(dependencies, name));
            if (kind == "newer")
                Raise(bytes);
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
        }
        foreach (var name in Needed)
            File.Copy(Path.Combine(dependencies, name), Path.Combine(folder, name));
        var native = Path.Combine(dependencies, "runtimes", $"linux-{System.Runtime.InteropServices.RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}", "native", "libe_sqlite3.so");
        File.Copy(native, Path.Combine(folder, "libe_sqlite3.so"));
    }

    /// <summary>Writes version 99 into an assembly: a row of the table Assembly begins with the hash algorithm, four bytes, and the version, four times two.</summary>
    private static void Raise(byte[] assembly)
    {
        using var file = new PEReader(new MemoryStream(assembly));
        var metadata = file.GetMetadataReader();
        var row = file.PEHeaders.MetadataStartOffset + metadata.GetTableMetadataOffset(TableIndex.Assembly);
        BinaryPrimitives.WriteUInt16LittleEndian(assembly.AsSpan(row + 4), 99);
    }
}
