namespace LayerStore.Drivers.Zfs;

/// <summary>zfs's lines of <c>docker info</c>; where the pool cannot be asked, they say that.</summary>
internal static class ZfsStatus
{
    private static readonly string[] Properties = ["used", "available", "quota", "compression"];

    public static IReadOnlyList<StatusLine> Of(ZfsDatasets datasets, int queued)
    {
        List<StatusLine> lines =
        [
            new("Zpool", datasets.Pool.Name),
            new("Zpool Health", datasets.Pool.State ?? "not available"),
            new("Parent Dataset", datasets.Parent),
        ];
        try
        {
            var values = datasets.ParentProperties(Properties);
            var quota = ZfsDatasets.Number(values[2]);
            lines.Add(new("Space Used By Parent", ZfsDatasets.Number(values[0])));
            lines.Add(new("Space Available", ZfsDatasets.Number(values[1])));
            lines.Add(new("Parent Quota", quota == 0 ? "no" : quota));
            lines.Add(new("Compression", values[3]));
        }
        catch (StoreException e)
        {
            lines.Add(new("Space Available", $"not available: {e.Message}"));
        }
        if (queued > 0)
            lines.Add(new("Datasets To Be Destroyed", (long)queued));
        return lines;
    }
}
