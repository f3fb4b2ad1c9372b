using System.Management.Automation;

namespace LayerStore.PS;

// The way from names, wildcards and objects to what a store holds.
public abstract partial class StoreCommand
{
    /// <summary>
    /// Calls <paramref name="action"/> for each item that is meant, one by one; with the name or id by which it is meant, since a removal by name is not one by id.
    /// </summary>
    /// <param name="kind">The kind of items.</param>
    /// <param name="inputs">Items as the pipeline brings them; each is looked for in its own store.</param>
    /// <param name="names">Names and ids, exactly as written.</param>
    /// <param name="patterns">Names and ids, or wildcards. What a wildcard does not find is no error.</param>
    /// <param name="action">What is done with each.</param>
    private protected void ForEachItem<T>(
        StoreItemKind<T> kind, IEnumerable<T>? inputs, IEnumerable<string>? names, IEnumerable<string>? patterns, Action<Store, T, string> action)
    {
        ForEach(inputs, input =>
        {
            var store = RequireStore(kind, ResolveRoot(kind.RootOf(input)), kind.NameOf(input));
            var item = kind.Renew(store, input);
            action(store, item, kind.NameOf(item));
        });
        ForEach(names, One);
        ForEach(patterns, pattern =>
        {
            if (!WildcardPattern.ContainsWildcardCharacters(pattern))
            {
                One(pattern);
                return;
            }
            var filter = new NameFilter(pattern);
            var all = AllItems(kind, out var store);
            ForEach(all.Where(item => kind.Matches(filter, item)), item => action(store!, item, kind.NameOf(item)));
        });

        void One(string name)
        {
            var store = RequireStore(kind, ResolveRoot(), name);
            action(store, kind.Get(store, name), name);
        }
    }

    /// <summary>Every item of the store; none where there is no store.</summary>
    private protected IReadOnlyList<T> AllItems<T>(StoreItemKind<T> kind, out Store? store)
    {
        store = FindStore(ResolveRoot());
        return store is null ? [] : kind.List(store);
    }

    /// <summary>The store at <paramref name="root"/>, where the item called <paramref name="name"/> is looked for.</summary>
    private protected Store RequireStore<T>(StoreItemKind<T> kind, string root, string name) =>
        FindStore(root) ?? throw new StoreException(
            kind.NotFound, StoreErrorKind.NotFound, name,
            $"There is no {kind.Noun} '{Printable.Escape(name)}': '{Printable.Escape(root)}' holds no store.",
            $"Give the root of the right store with -Root, or {kind.Making}.");
}
