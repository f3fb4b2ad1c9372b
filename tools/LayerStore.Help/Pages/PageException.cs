namespace LayerStore.Help.Pages;

/// <summary>A page is not as the schema wants it; the message has file and line.</summary>
internal sealed class PageException(string path, int line, string message) : Exception($"{path}({line}): {message}");
