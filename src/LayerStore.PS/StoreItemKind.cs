namespace LayerStore.PS;

/// <summary>A kind of things that stores hold and users name: how one is found, and what is said where it is not.</summary>
/// <typeparam name="T">What cmdlets emit for one of them.</typeparam>
internal sealed record StoreItemKind<T>
{
    /// <summary>What messages call one.</summary>
    public required string Noun { get; init; }

    /// <summary>The id of the error where there is none of a name.</summary>
    public required string NotFound { get; init; }

    /// <summary>How one comes into a store, for the advice: <c>make a container with New-Container</c>.</summary>
    public required string Making { get; init; }

    /// <summary>All of a store, in the order in which they are shown.</summary>
    public required Func<Store, IReadOnlyList<T>> List { get; init; }

    /// <summary>The one that a name or an id means.</summary>
    public required Func<Store, string, T> Get { get; init; }

    /// <summary>One as it is now, by what was emitted earlier.</summary>
    public required Func<Store, T, T> Renew { get; init; }

    /// <summary>True where a pattern means it.</summary>
    public required Func<NameFilter, T, bool> Matches { get; init; }

    /// <summary>The name or id that means this one.</summary>
    public required Func<T, string> NameOf { get; init; }

    /// <summary>The root of its store.</summary>
    public required Func<T, string> RootOf { get; init; }
}
