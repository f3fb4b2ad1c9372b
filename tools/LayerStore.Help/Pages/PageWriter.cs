using System.Globalization;
using System.Text;

namespace LayerStore.Help.Pages;

/// <summary>Writes a page in platyPS's schema. What was read and not changed is written as it was.</summary>
internal static class PageWriter
{
    /// <summary>The file that the pages become.</summary>
    internal const string HelpFile = "LayerStore.PS.dll-Help.xml";

    /// <summary>Where platyPS breaks the lines of a syntax.</summary>
    private const int Width = 100;

    internal static string Write(HelpPage page)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            ---
            document type: cmdlet
            external help file: {HelpFile}
            HelpUri: '{page.HelpUri}'
            Locale: en-US
            Module Name: LayerStore
            PlatyPS schema version: 2024-05-01
            title: {page.Name}
            ---


            """);
        Put($"# {page.Name}");
        Put("## SYNOPSIS", page.Synopsis);
        Put("## SYNTAX");
        foreach (var syntax in page.Syntax)
            Put($"### {syntax.SetName}{(syntax.IsDefault ? " (Default)" : "")}", Fenced("", Wrapped(syntax.Text)));
        Put("## ALIASES", page.Aliases);
        Put("## DESCRIPTION", page.Description);
        Put("## EXAMPLES");
        foreach (var example in page.Examples)
        {
            Put($"### {example.Title}", example.Introduction, Fenced("powershell", example.Code));
            Put(example.Output is null ? "" : Fenced("Output", example.Output), example.Remarks);
        }
        Put("## PARAMETERS");
        foreach (var parameter in page.Parameters)
            Put($"### -{parameter.Name}", parameter.Description, Fenced("yaml", ParameterYaml.Write(parameter.Facts)));
        Put("### CommonParameters", page.CommonParameters);
        Put("## INPUTS");
        foreach (var input in page.Inputs)
            Put($"### {input.Type}", input.Description);
        Put("## OUTPUTS");
        foreach (var output in page.Outputs)
            Put($"### {output.Type}", output.Description);
        Put("## NOTES", page.Notes);
        Put("## RELATED LINKS");
        foreach (var link in page.Links)
            text.Append(CultureInfo.InvariantCulture, $"- [{link.Text}]({link.Target})\n");
        return text.ToString();

        void Put(params ReadOnlySpan<string> parts)
        {
            foreach (var part in parts)
            {
                if (part.Length > 0)
                    text.Append(part).Append("\n\n");
            }
        }
    }

    private static string Fenced(string language, string code) => $"```{language}\n{code.TrimEnd('\n')}\n```";

    private static string Wrapped(string syntax)
    {
        var lines = new StringBuilder();
        var length = 0;
        // A parameter and its type stay together.
        foreach (var word in syntax.Replace(" <", "\0<", StringComparison.Ordinal).Split(' '))
        {
            if (length > 0 && length + word.Length + 1 > Width)
            {
                lines.Append('\n');
                length = 0;
            }
            lines.Append(lines.Length > 0 ? " " : "").Append(word);
            length += word.Length + 1;
        }
        return lines.Replace('\0', ' ').ToString();
    }
}
