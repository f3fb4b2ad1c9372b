using System.Collections.ObjectModel;
using System.Management.Automation.Host;

namespace LayerStore.PowerShellHost.Terminal;

/// <summary>The question with lettered answers that ShouldProcess and <c>-Confirm</c> ask.</summary>
internal sealed class ChoicePrompt(TerminalUserInterface terminal)
{
    public int AskOne(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        terminal.WriteHeading(caption, message);
        while (true)
        {
            var answer = terminal.Ask(Line(choices, defaultChoice < 0 ? [] : [defaultChoice]));
            if (answer.Length == 0 && defaultChoice >= 0)
            {
                return defaultChoice;
            }

            if (answer.Trim() == "?")
            {
                Explain(choices);
                continue;
            }

            if (IndexOf(choices, answer) is { } index)
            {
                return index;
            }
        }
    }

    public Collection<int> AskMany(string caption, string message, Collection<ChoiceDescription> choices, IEnumerable<int>? defaults)
    {
        terminal.WriteHeading(caption, message);
        var chosen = new Collection<int>();
        var standing = defaults?.ToArray() ?? [];
        while (true)
        {
            var answer = terminal.Ask(Line(choices, standing));
            if (answer.Length == 0)
            {
                return chosen.Count > 0 ? chosen : new Collection<int>(standing);
            }

            if (IndexOf(choices, answer) is { } index)
            {
                chosen.Add(index);
            }
        }
    }

    private static string Line(Collection<ChoiceDescription> choices, int[] defaults)
    {
        var labels = choices.Select((choice, index) => $"[{Key(choice, index)}] {Text(choice)}");
        var standing = string.Join(',', defaults.Select(index => Key(choices[index], index)));
        return string.Join("  ", labels) + "  [?] Help" + (standing.Length == 0 ? ": " : $" (default is \"{standing}\"): ");
    }

    private void Explain(Collection<ChoiceDescription> choices)
    {
        for (var i = 0; i < choices.Count; i++)
        {
            terminal.WriteLine($"{Key(choices[i], i)} - {choices[i].HelpMessage}");
        }
    }

    private static int? IndexOf(Collection<ChoiceDescription> choices, string answer)
    {
        for (var i = 0; i < choices.Count; i++)
        {
            if (string.Equals(answer.Trim(), Key(choices[i], i), StringComparison.OrdinalIgnoreCase)
                || string.Equals(answer.Trim(), Text(choices[i]), StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return null;
    }

    private static string Text(ChoiceDescription choice) => choice.Label.Replace("&", string.Empty, StringComparison.Ordinal);

    private static string Key(ChoiceDescription choice, int index)
    {
        var mark = choice.Label.IndexOf('&', StringComparison.Ordinal);
        return mark >= 0 && mark + 1 < choice.Label.Length
            ? char.ToUpperInvariant(choice.Label[mark + 1]).ToString()
            : index.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
