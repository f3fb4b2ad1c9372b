using LayerStore.Help.Pages;

namespace LayerStore.Help.Code;

/// <summary>Brings a page up to date with the code, as Update-MarkdownCommandHelp does, and keeps the prose.</summary>
internal static class PageUpdater
{
    /// <summary>What stands where the author has to write something.</summary>
    internal const string Missing = "{{ Fill in }}";

    /// <summary>The page with all that follows from the code; parameters that are gone go, new ones wait for their description.</summary>
    internal static HelpPage Update(HelpPage page, CmdletFacts cmdlet)
    {
        var prose = page.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Description);
        return page with
        {
            HelpUri = cmdlet.HelpUri,
            Syntax = cmdlet.Syntax,
            Aliases = cmdlet.Aliases.Count == 0 ? "None" : string.Join(", ", cmdlet.Aliases),
            Parameters = [.. cmdlet.Parameters.OrderBy(parameter => parameter.Key, StringComparer.OrdinalIgnoreCase)
                .Select(parameter => new PageParameter(parameter.Key, prose.GetValueOrDefault(parameter.Key, Standard(parameter.Key)), parameter.Value))],
            Outputs = [.. page.Outputs.Where(output => output.Type == "None" || cmdlet.OutputTypes.Contains(output.Type)),
                .. cmdlet.OutputTypes.Where(type => page.Outputs.All(output => output.Type != type)).Select(type => new TypeNote(type, Missing))],
        };
    }

    /// <summary>The page of a cmdlet that has none yet.</summary>
    internal static HelpPage Create(CmdletFacts cmdlet) => Update(
        new HelpPage
        {
            Name = cmdlet.Name,
            Synopsis = Missing,
            Syntax = [],
            Aliases = "",
            Description = Missing,
            Examples = [.. Enumerable.Range(1, 2).Select(number => new PageExample($"Example {number}: {Missing}", "", cmdlet.Name, null, ""))],
            Parameters = [],
            CommonParameters = "This cmdlet supports the common parameters; see about_CommonParameters.",
            Inputs = [new TypeNote("None", "")],
            Outputs = [],
            Notes = "",
            Links = [new PageLink("about_LayerStore", "../../en-US/about_LayerStore.help.txt")],
        },
        cmdlet);

    /// <summary>What is the same for every cmdlet is not written anew.</summary>
    private static string Standard(string parameter) => parameter switch
    {
        "Confirm" => "Asks before the cmdlet acts.",
        "WhatIf" => "Shows what would happen. Nothing is touched; not even a directory is made.",
        _ => Missing,
    };
}
