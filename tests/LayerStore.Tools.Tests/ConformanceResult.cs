using System.Xml.Linq;

namespace LayerStore.Tools.Tests;

/// <summary>One result of the compatible runner.</summary>
internal sealed record ConformanceResult(string File, string Title, string Outcome, string Message)
{
    public static ConformanceResult Of(XElement element)
    {
        var name = (string)element.Attribute("testName")!;
        var colon = name.IndexOf(": ", StringComparison.Ordinal);
        return new ConformanceResult(name[..colon], name[(colon + 2)..], (string)element.Attribute("outcome")!, element.Value);
    }
}
