using LayerStore.Linux;

namespace LayerStore.Drivers.Trees;

/// <summary>
/// Removes whiteouts that hide nothing. overlayfs lists a directory that only one layer has as it stands there: a whiteout in it would show as a name without
/// a file.
/// </summary>
internal static class IdleWhiteouts
{
    /// <summary>Removes them from the layer on top of the stack.</summary>
    public static void Remove(LayerStack stack, OverlayFormat format)
    {
        var pending = new Stack<(TreeDirectory Own, MergedDirectory? Lower)>();
        pending.Push((stack.Root.Parts[0].Directory, stack.Root.Below(0)));
        while (pending.TryPop(out var at))
        {
            at.Own.TryStat(out var times);
            using var handle = at.Own.Open();
            var lower = format.IsOpaque(at.Own) ? null : at.Lower;
            var idle = new List<byte[]>();
            using (var reader = new DirectoryReader(handle.Descriptor()))
            {
                while (reader.Next())
                {
                    if (reader.Kind is Libc.DT_LNK or Libc.DT_FIFO or Libc.DT_BLK or Libc.DT_SOCK || !at.Own.TryStat(reader.Name, out var data))
                        continue;
                    if (data.IsDirectory)
                        pending.Push((at.Own.Child(reader.Name), lower?.Find(reader.Name)?.Directory));
                    else if (format.IsWhiteout(at.Own, reader.Name, data) && lower?.Find(reader.Name) is null)
                        idle.Add(reader.Name.ToArray());
                }
            }
            foreach (var name in idle)
                TreeRemover.Remove(handle.Descriptor(), FileName.Terminated(name));
            if (idle.Count > 0)
                NodeCopy.SetTimes(handle.Descriptor(), times);
        }
    }
}
