using LayerStore.Archives.Extraction;
using LayerStore.Drivers.Trees;
using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Drivers.Aufs;

/// <summary>
/// Makes an aufs branch of a layer that stands in overlayfs's format, in which every driver's layers are extracted and joined with their parents: whiteouts get aufs's names, opaque
/// directories its mark, attributes their own names. Nothing else changes, times neither.
/// </summary>
internal sealed unsafe class AufsConversion(OverlayFormat from)
{
    private readonly AttributeUnescaping _attributes = new(from);

    /// <summary>Converts the layer on top of the stack of itself and its parents.</summary>
    public void Run(LayerStack stack)
    {
        var pending = new Stack<(TreeDirectory Own, MergedDirectory? Lower, bool Cut)>();
        pending.Push((stack.Root.Parts[0].Directory, stack.Root.Below(0), false));
        while (pending.TryPop(out var at))
            Convert(at.Own, at.Lower, at.Cut, pending);
    }

    private void Convert(TreeDirectory own, MergedDirectory? lower, bool cut, Stack<(TreeDirectory, MergedDirectory?, bool)> pending)
    {
        using var handle = own.Open();
        own.TryStat(out var times);
        var opaque = cut || from.IsOpaque(own);
        _attributes.Run(own.ProcPath(), times);
        if (opaque)
            MakeMark(handle, FileName.Terminated(WhiteoutNames.Opaque), own);
        var changed = opaque;
        foreach (var name in DirectoryReader.NamesOf(handle))
        {
            if (AufsFormat.KindOf(name) != TreeEntryKind.Ordinary || !own.TryStat(name, out var data))
                continue;
            if (from.IsWhiteout(own, name, data))
            {
                TreeRemover.Remove(handle.Descriptor(), FileName.Terminated(name));
                MakeMark(handle, FileName.Terminated(AufsFormat.WhiteoutOf(name)), own);
                changed = true;
            }
            else if (data.IsDirectory)
            {
                // overlayfs ends a directory at a file below it; aufs would look further down, and needs to be told.
                var below = opaque ? null : lower?.Find(name);
                pending.Push((own.Child(name), below?.Directory, below is { Directory: null }));
            }
            else
                _attributes.Run(own.ProcPath(name), data);
        }
        if (changed)
            NodeCopy.SetTimes(handle.Descriptor(), times);
    }

    private static void MakeMark(SafeFileHandle directory, byte[] terminated, TreeDirectory place)
    {
        fixed (byte* name = terminated)
        {
            if (Libc.MknodAt(directory.Descriptor(), name, Libc.S_IFREG | AufsFormat.MarkMode, 0) < 0)
                throw LinuxError.Last("create the whiteout", $"{place.DisplayPath}/{Printable.Escape(terminated.AsSpan()[..^1])}");
        }
    }
}
