namespace LayerStore.PS.Tests.Errors;

/// <summary>A theory over the errors that an ordinary user cannot get to; skipped for one, with their ids.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ErrorsOfRootAttribute : TheoryAttribute
{
    public ErrorsOfRootAttribute()
    {
        if (Environment.UserName != "root")
            Skip = $"They take mounts, which need root: {string.Join(", ", ErrorTable.Rows.Where(row => row.NeedsRoot).Select(row => row.Id))}.";
    }
}
