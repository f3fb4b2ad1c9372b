using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Text;

namespace LayerStore.PowerShellHost.Terminal;

/// <summary>Shows running progress below the last output, one line a record, and takes itself away before anything else is written.</summary>
internal sealed class ProgressPane(Lock gate)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(80);

    private readonly SortedDictionary<(long Source, int Activity), ProgressRecord> _records = [];
    private readonly bool _shown = !Console.IsOutputRedirected;
    private long _drawnAt;
    private int _lines;
    private string _line = string.Empty;

    /// <summary>Takes a record's new state; a completed record disappears.</summary>
    public void Update(long source, ProgressRecord record)
    {
        if (!_shown)
        {
            return;
        }

        lock (gate)
        {
            var completed = record.RecordType == ProgressRecordType.Completed;
            if (completed)
            {
                _records.Remove((source, record.ActivityId));
            }
            else
            {
                _records[(source, record.ActivityId)] = record;
            }

            if (completed || _drawnAt == 0 || Stopwatch.GetElapsedTime(_drawnAt) > Interval)
            {
                Draw();
            }
        }
    }

    /// <summary>Forgets all records, at the end of a pipeline.</summary>
    public void Clear()
    {
        lock (gate)
        {
            _records.Clear();
            Hide();
            _drawnAt = 0;
        }
    }

    /// <summary>Takes the pane off the screen; the caller holds the gate.</summary>
    public void Hide()
    {
        if (_lines == 0)
        {
            return;
        }

        var text = new StringBuilder("\r");
        if (_lines > 1)
        {
            text.Append("\e[").Append(_lines - 1).Append('A');
        }

        text.Append("\e[J");
        if (Column > 0)
        {
            text.Append("\e[A\e[").Append(Column + 1).Append('G');
        }

        Console.Out.Write(text.Append("\e[?25h").ToString());
        _lines = 0;
    }

    /// <summary>What stands in the line that the output has not ended yet.</summary>
    public string UnfinishedLine => _line;

    /// <summary>Keeps account of the line in which the output stands; the caller holds the gate.</summary>
    public void Written(string text)
    {
        var end = text.LastIndexOf('\n');
        _line = end >= 0 ? text[(end + 1)..] : _line + text;
    }

    private int Column => new StringDecorated(_line).ContentLength % Math.Max(1, TerminalRawUserInterface.Width);

    private void Draw()
    {
        Hide();
        _drawnAt = Stopwatch.GetTimestamp();
        if (_records.Count == 0)
        {
            return;
        }

        var width = TerminalRawUserInterface.Width;
        var rows = InTreeOrder().Select(entry => ProgressLine.Render(entry.Record, entry.Depth, width)).ToList();
        var text = new StringBuilder("\e[?25l");
        if (Column > 0)
        {
            text.Append('\n');
        }

        Console.Out.Write(text.AppendJoin('\n', rows).ToString());
        _lines = rows.Count;
    }

    private IEnumerable<(ProgressRecord Record, int Depth)> InTreeOrder()
    {
        var roots = _records.Where(pair => !_records.ContainsKey((pair.Key.Source, pair.Value.ParentActivityId)));
        return roots.SelectMany(root => WithChildren(root.Key.Source, root.Value, depth: 0));
    }

    private IEnumerable<(ProgressRecord Record, int Depth)> WithChildren(long source, ProgressRecord record, int depth)
    {
        yield return (record, depth);
        var children = _records.Where(pair => pair.Key.Source == source && pair.Value.ParentActivityId == record.ActivityId && pair.Value != record);
        foreach (var entry in children.SelectMany(child => WithChildren(source, child.Value, depth + 1)))
        {
            yield return entry;
        }
    }
}
