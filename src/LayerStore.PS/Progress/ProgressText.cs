namespace LayerStore.PS.Progress;

/// <summary>Texts of progress records.</summary>
internal static class ProgressText
{
    private const int ActivityWidth = 40;

    /// <summary>What is done to what, short enough for a bar.</summary>
    public static string Activity(string verb, string what)
    {
        var text = $"{verb} {Printable.Escape(what)}";
        return text.Length <= ActivityWidth ? text : text[..(ActivityWidth - 1)] + "…";
    }
}
