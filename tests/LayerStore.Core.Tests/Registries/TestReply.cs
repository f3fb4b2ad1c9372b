using System.Text;

namespace LayerStore.Tests.Registries;

/// <summary>What a <see cref="TestServer"/> says.</summary>
internal sealed record TestReply(int Status, byte[] Body, params (string Name, string Value)[] Headers)
{
    public TestReply(int status, string body = "", params (string Name, string Value)[] headers)
        : this(status, Encoding.UTF8.GetBytes(body), headers)
    {
    }

    /// <summary>Closes the connection after so many bytes of the body.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Says nothing more after the body and keeps the connection.</summary>
    public bool Stalls { get; init; }

    /// <summary>Never ends.</summary>
    public bool Endless { get; init; }
}
