using System.Management.Automation;
using System.Management.Automation.Host;

namespace LayerStore.PS.Formatting;

/// <summary>
/// Colours of <c>$PSStyle</c>, where somebody looks at them: not on hosts without them, where <c>OutputRendering</c> is PlainText, or <c>NO_COLOR</c> is set.
/// From what is redirected or piped the engine takes them out itself, unless <c>OutputRendering</c> is Ansi.
/// </summary>
public static class Colour
{
    /// <summary>What is well or new.</summary>
    public static string Green(string text, object? style, PSHost? host) => Paint(text, style, host, "Green");

    /// <summary>What deserves a look.</summary>
    public static string Yellow(string text, object? style, PSHost? host) => Paint(text, style, host, "Yellow");

    /// <summary>What fails or is gone.</summary>
    public static string Red(string text, object? style, PSHost? host) => Paint(text, style, host, "Red");

    /// <summary>The letter of a change: green for what is added, yellow for what is changed, red for what is gone.</summary>
    public static string ChangeLetter(object? kind, object? style, PSHost? host)
    {
        var letter = DockerText.ChangeLetter(kind);
        return letter switch
        {
            "A" => Green(letter, style, host),
            "C" => Yellow(letter, style, host),
            "D" => Red(letter, style, host),
            _ => letter,
        };
    }

    /// <summary>Whether a check passed: red where one that is needed did not, yellow where one that is not needed did not.</summary>
    public static string Passed(bool passed, bool required, object? style, PSHost? host)
    {
        var text = DriverText.YesNo(passed);
        return passed ? text : required ? Red(text, style, host) : Yellow(text, style, host);
    }

    private static string Paint(string text, object? style, PSHost? host, string colour)
    {
        if (text.Length == 0 || style is null || host?.UI is not { SupportsVirtualTerminal: true } || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 })
            return text;
        var properties = PSObject.AsPSObject(style).Properties;
        if (properties["OutputRendering"]?.Value?.ToString() == "PlainText")
            return text;
        return PSObject.AsPSObject(properties["Foreground"].Value).Properties[colour].Value + text + properties["Reset"].Value;
    }
}
