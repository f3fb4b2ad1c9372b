namespace LayerStore.PowerShellHost.Terminal;

/// <summary>The sixteen console colours as escape sequences.</summary>
internal static class AnsiColor
{
    private static readonly int[] Codes = [30, 34, 32, 36, 31, 35, 33, 37, 90, 94, 92, 96, 91, 95, 93, 97];

    /// <summary>Colours a text where the colours differ from those of the session.</summary>
    public static string Wrap(ConsoleColor foreground, ConsoleColor background, TerminalRawUserInterface session, string value)
    {
        var start = string.Empty;
        if (foreground != session.ForegroundColor)
        {
            start += $"\e[{Codes[(int)foreground]}m";
        }

        if (background != session.BackgroundColor)
        {
            start += $"\e[{Codes[(int)background] + 10}m";
        }

        return start.Length == 0 ? value : start + value + "\e[0m";
    }
}
