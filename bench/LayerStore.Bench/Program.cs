using LayerStore.Bench;
using LayerStore.Bench.Images;
using LayerStore.Bench.Measuring;
using LayerStore.Bench.Peers;
using LayerStore.Bench.Rows;
using LayerStore.Bench.Sandbox;

if (args.Length > 1 && args[0] == "worker")
{
    return Worker.Run(args.AsSpan(1));
}

BenchOptions options;
try
{
    options = BenchOptions.Parse(args);
}
catch (ArgumentException e)
{
    Console.Error.WriteLine($"bench: {e.Message}");
    Console.Error.WriteLine("usage: bench [ROW ...] [--rounds N] [--peer-rounds N] [--warm-ups N] [--no-peers] [--cache DIR] [--backing DIR] [--output DIR] [--verbose]");
    Console.Error.WriteLine("rows: import-plain import-gzip import-zstd import-deep100 import-many container sizes list changes commit export pull push btrfs-import btrfs-container btrfs-sizes btrfs-allocated vfs-ext4 vfs-xfs memory (a prefix names several); by their names alone: guest-import-plain guest-import-gzip guest-allocated");
    return 2;
}

if (!Environment.IsPrivilegedProcess)
{
    Console.Error.WriteLine("bench: overlay2, loop devices and the peers need root: run it as root.");
    return 2;
}

Directory.CreateDirectory(options.Cache);
if (GuestRun.IsWanted(options))
{
    return GuestRun.Start(options, args);
}

using var workspace = new Workspace(options.Cache, options.Backing);
var arena = new Arena(options, workspace, new ImageCache(options.Cache, workspace), new PeerSet(workspace, options));
ImportRows.Measure(arena);
ContainerRows.Measure(arena);
SizeRows.Measure(arena);
ChangeRows.Measure(arena);
TravelRows.Measure(arena);
BtrfsRows.Measure(arena);
VfsRows.Measure(arena);
MemoryRows.Measure(arena);
GuestRows.Measure(arena, workspace);
Report.Write(options, arena.Done);
return 0;
