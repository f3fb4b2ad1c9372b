namespace LayerStore.Tests.Registries;

/// <summary>What a <see cref="TestServer"/> was asked; the headers' names are in lower case.</summary>
internal sealed record TestRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Path => Target.Split('?')[0];

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public override string ToString() => $"{Method} {Target}";
}
