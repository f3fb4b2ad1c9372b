namespace LayerStore.Images.Formats;

/// <summary>One step of a configuration's history.</summary>
/// <param name="Created">When, in UTC; null where it does not say.</param>
/// <param name="CreatedBy">The command.</param>
/// <param name="Comment">The comment.</param>
/// <param name="EmptyLayer">True where it made no layer.</param>
internal sealed record ImageConfigStep(DateTime? Created, string CreatedBy, string Comment, bool EmptyLayer)
{
    /// <summary>Reads a step.</summary>
    public static ImageConfigStep Read(JsonPart json) =>
        new(json.Time("created"), json.Text("created_by") ?? "", json.Text("comment") ?? "", json.Flag("empty_layer"));
}
