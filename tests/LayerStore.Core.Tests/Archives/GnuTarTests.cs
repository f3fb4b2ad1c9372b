using System.Diagnostics;
using System.Security.Cryptography;
using LayerStore.Linux;

namespace LayerStore.Tests.Archives;

/// <summary>What GNU tar writes of a real tree is that tree again, in every format that it knows.</summary>
public sealed class GnuTarTests : ExtractionTest
{
    [GnuTarTheory]
    [InlineData("--format=v7", "")]
    [InlineData("--format=oldgnu", "")]
    [InlineData("--format=gnu", "--sparse")]
    [InlineData("--format=ustar", "")]
    [InlineData("--format=posix", "--xattrs --xattrs-include=*")]
    [InlineData("--format=posix", "--sparse --sparse-version=0.0")]
    [InlineData("--format=posix", "--sparse --sparse-version=0.1")]
    [InlineData("--format=posix", "--sparse --sparse-version=1.0")]
    public void A_tree_comes_back(string format, string options)
    {
        var tree = Path.Combine(Base, "tree");
        MakeTree(tree, longNames: format is not ("--format=v7" or "--format=ustar"), nodes: format != "--format=v7");
        var before = Describe(tree, nanoseconds: format == "--format=posix");
        Extract(Tar(tree, [format, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]));
        Assert.Equal(before, Describe(Root, nanoseconds: format == "--format=posix"));
        if (options.Contains("--xattrs", StringComparison.Ordinal))
            Assert.Equal([0x00, 0xff, 0x80, 0xfe, 0x01], Xattr("dir/file", "user.bin"));
        if (options.Contains("--sparse", StringComparison.Ordinal))
            Assert.True(At("sparse").Blocks < 2000, $"{At("sparse").Blocks} blocks are allocated");
        Directory.Delete(tree, recursive: true);
    }

    private static unsafe void MakeTree(string tree, bool longNames, bool nodes)
    {
        Directory.CreateDirectory(Path.Combine(tree, "dir/deep/er"));
        var file = Path.Combine(tree, "dir/file");
        File.WriteAllBytes(file, RandomNumberGenerator.GetBytes(2_345_678));
        File.WriteAllText(Path.Combine(tree, "empty"), "");
        File.WriteAllText(Path.Combine(tree, "dir/deep/er/tool"), "#!/bin/sh\n");
        File.CreateSymbolicLink(Path.Combine(tree, "dir/link"), "../nowhere");
        if (longNames)
        {
            var name = Path.Combine(tree, string.Join("/", Enumerable.Repeat(new string('n', 120), 3)));
            Directory.CreateDirectory(name);
            File.WriteAllText(Path.Combine(name, new string('f', 200)), "long");
            File.CreateSymbolicLink(Path.Combine(tree, "long-link"), new string('t', 300));
        }
        using (var sparse = File.Create(Path.Combine(tree, "sparse")))
        {
            sparse.SetLength(30_000_000);
            for (var at = 5_000_000; at < 30_000_000; at += 1_000_000)
            {
                sparse.Position = at;
                sparse.Write("segment"u8);
            }
        }
        fixed (byte* path = FileName.Terminated(file), hard = FileName.Terminated(Path.Combine(tree, "hard")), key = "user.bin\0"u8, value = (byte[])[0x00, 0xff, 0x80, 0xfe, 0x01],
            pipe = FileName.Terminated(Path.Combine(tree, "pipe")), node = FileName.Terminated(Path.Combine(tree, "null")), tool = FileName.Terminated(Path.Combine(tree, "dir/deep/er/tool")))
        {
            Assert.Equal(0, Libc.LinkAt(Libc.AT_FDCWD, path, Libc.AT_FDCWD, hard, 0));
            Assert.Equal(0, Libc.LsetXattr(path, key, value, 5, 0));
            Assert.True(!nodes || Libc.MknodAt(Libc.AT_FDCWD, pipe, Libc.S_IFIFO | 0x1a4, 0) == 0);
            Assert.True(!nodes || Libc.MknodAt(Libc.AT_FDCWD, node, Libc.S_IFCHR | 0x1b6, Libc.MakeDevice(1, 3)) == 0);
            Assert.Equal(0, Libc.FchownAt(Libc.AT_FDCWD, tool, 1234, 5678, 0));
            Assert.Equal(0, Libc.FchmodAt(Libc.AT_FDCWD, tool, 0x9ed, 0));
            var times = stackalloc TimeSpec[2] { new TimeSpec(1, 2), new TimeSpec(1_234_567_890, 123_456_789) };
            Assert.Equal(0, Libc.UtimensAt(Libc.AT_FDCWD, path, times, 0));
        }
    }

    private static string Describe(string tree, bool nanoseconds) => string.Join("\n", Walk(tree, "").Select(node =>
        $"{node.Path} {node.Type} {node.Octal} {node.Uid}:{node.Gid} {(node.Type == 'd' ? 0 : node.Size)} {node.Seconds}.{(nanoseconds ? node.Nanoseconds : 0)} "
        + $"{(node.Type == 'd' ? 0 : node.Links)} {node.Major}:{node.Minor} {node.Target} "
        + (node.Type == 'f' ? Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(tree, node.Path)))) : "")));

    private static byte[] Tar(string tree, string[] options)
    {
        using var tar = Process.Start(new ProcessStartInfo("tar", [.. options, "--numeric-owner", "-C", tree, "-cf", "-", "."]) { RedirectStandardOutput = true })!;
        using var result = new MemoryStream();
        tar.StandardOutput.BaseStream.CopyTo(result);
        tar.WaitForExit();
        Assert.Equal(0, tar.ExitCode);
        return result.ToArray();
    }
}
