using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Text;
using System.Text.RegularExpressions;

namespace LayerStore.PowerShellHost.Terminal;

/// <summary>Reads a line from a terminal: arrows, history, tab completion. Plain reading where the input is no terminal.</summary>
internal sealed partial class LineEditor(TerminalUserInterface terminal, Completion? completion, char? mask = null)
{
    private readonly List<string> _history = [];
    private readonly StringBuilder _text = new();
    private string _prompt = string.Empty;
    private int _cursor;
    private int _recalled;
    private int _drawnRow;
    private CommandCompletion? _offered;

    /// <summary>Reads a line; null at the end of the input, or after Ctrl-C where the line answers a question. At the prompt Ctrl-C gives an empty line.</summary>
    public string? ReadLine(string prompt, bool isAnswer)
    {
        if (Console.IsInputRedirected || Console.IsOutputRedirected)
        {
            terminal.Write(prompt);
            return Console.In.ReadLine();
        }

        Begin(prompt);
        var before = Console.TreatControlCAsInput;
        Console.TreatControlCAsInput = true;
        try
        {
            return ReadKeys(isAnswer);
        }
        finally
        {
            Console.TreatControlCAsInput = before;
        }
    }

    private void Begin(string prompt)
    {
        _prompt = prompt;
        _text.Clear();
        _cursor = 0;
        _recalled = _history.Count;
        _drawnRow = 0;
        _offered = null;
        Draw();
    }

    private string? ReadKeys(bool isAnswer)
    {
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            if (key.Modifiers.HasFlag(ConsoleModifiers.Control))
            {
                switch (key.Key)
                {
                    case ConsoleKey.C:
                        Leave("^C");
                        return isAnswer ? null : string.Empty;
                    case ConsoleKey.D when _text.Length == 0:
                        Leave(string.Empty);
                        return null;
                }
            }

            if (key.Key == ConsoleKey.Enter)
            {
                _cursor = _text.Length;
                Draw();
                Leave(string.Empty);
                return _text.ToString();
            }

            Edit(key);
            Draw();
        }
    }

    /// <summary>Adds a statement to those that the arrows recall, as one line.</summary>
    public void Remember(string? statement)
    {
        var line = LineBreak.Replace(statement ?? string.Empty, match => "{(|,;".Contains(match.Groups["before"].Value, StringComparison.Ordinal) ? match.Groups["before"].Value + " " : match.Groups["before"].Value + "; ");
        line = line.Replace("; }", " }", StringComparison.Ordinal);
        if (line.Length > 0 && (_history.Count == 0 || _history[^1] != line))
        {
            _history.Add(line);
        }
    }

    [GeneratedRegex(@"(?<before>\S)\s*\n\s*")]
    private static partial Regex LineBreak { get; }

    private void Edit(ConsoleKeyInfo key)
    {
        if (key.Key != ConsoleKey.Tab)
        {
            _offered = null;
        }

        var control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
        switch (key.Key)
        {
            case ConsoleKey.Tab:
                Complete(backwards: key.Modifiers.HasFlag(ConsoleModifiers.Shift));
                break;
            case ConsoleKey.Backspace when _cursor > 0:
                _text.Remove(--_cursor, 1);
                break;
            case ConsoleKey.Delete when _cursor < _text.Length:
                _text.Remove(_cursor, 1);
                break;
            case ConsoleKey.LeftArrow when _cursor > 0:
                _cursor--;
                break;
            case ConsoleKey.RightArrow when _cursor < _text.Length:
                _cursor++;
                break;
            case ConsoleKey.Home:
            case ConsoleKey.A when control:
                _cursor = 0;
                break;
            case ConsoleKey.End:
            case ConsoleKey.E when control:
                _cursor = _text.Length;
                break;
            case ConsoleKey.U when control:
                _text.Remove(0, _cursor);
                _cursor = 0;
                break;
            case ConsoleKey.K when control:
                _text.Remove(_cursor, _text.Length - _cursor);
                break;
            case ConsoleKey.W when control:
                EraseWord();
                break;
            case ConsoleKey.Escape:
                Replace(string.Empty);
                break;
            case ConsoleKey.UpArrow when _recalled > 0:
                Replace(_history[--_recalled]);
                break;
            case ConsoleKey.DownArrow when _recalled < _history.Count:
                Replace(++_recalled < _history.Count ? _history[_recalled] : string.Empty);
                break;
            default:
                Insert(key.KeyChar);
                break;
        }
    }

    private void Insert(char character)
    {
        if (!char.IsControl(character))
        {
            _text.Insert(_cursor++, character);
        }
    }

    private void EraseWord()
    {
        var start = _cursor;
        while (start > 0 && _text[start - 1] == ' ')
        {
            start--;
        }

        while (start > 0 && _text[start - 1] != ' ')
        {
            start--;
        }

        _text.Remove(start, _cursor - start);
        _cursor = start;
    }

    private void Replace(string line)
    {
        _text.Clear().Append(line);
        _cursor = line.Length;
    }

    private void Complete(bool backwards)
    {
        _offered ??= completion?.At(_text.ToString(), _cursor);
        if (_offered?.GetNextResult(forward: !backwards) is not { } match)
        {
            return;
        }

        _text.Remove(_offered.ReplacementIndex, _offered.ReplacementLength).Insert(_offered.ReplacementIndex, match.CompletionText);
        _offered.ReplacementLength = match.CompletionText.Length;
        _cursor = _offered.ReplacementIndex + match.CompletionText.Length;
    }

    private void Draw()
    {
        var width = TerminalRawUserInterface.Width;
        var prompt = new StringDecorated(_prompt).ContentLength;
        var shown = mask is { } character ? new string(character, _text.Length) : _text.ToString();
        var text = new StringBuilder("\r");
        Up(text, _drawnRow);
        text.Append("\e[J").Append(_prompt).Append(shown);
        var end = prompt + shown.Length;
        if (end > 0 && end % width == 0)
        {
            // The terminal waits with the wrap until the next character; make it now, so that rows can be counted.
            text.Append(" \r");
        }

        var at = prompt + _cursor;
        Up(text, (end / width) - (at / width));
        text.Append('\r');
        if (at % width > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\e[{at % width}C");
        }

        _drawnRow = at / width;
        Console.Out.Write(text.ToString());
    }

    private static void Up(StringBuilder text, int rows)
    {
        if (rows > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\e[{rows}A");
        }
    }

    private void Leave(string note) => terminal.WriteLine(note);
}
