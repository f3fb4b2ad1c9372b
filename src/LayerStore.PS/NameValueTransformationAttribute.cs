using System.Collections;
using System.Management.Automation;

namespace LayerStore.PS;

/// <summary>Lets <c>-Label @{ role = 'db' }</c> be written as <c>-Label role=db</c> too, and options likewise.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NameValueTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var input = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (input is null or IDictionary)
            return input;
        var pairs = new Hashtable(StringComparer.Ordinal);
        var items = input is IEnumerable list and not string ? list : new[] { input };
        foreach (var item in items)
        {
            var text = item?.ToString() ?? "";
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            var key = equals < 0 ? text : text[..equals];
            if (key.Length == 0)
                throw new ArgumentTransformationMetadataException($"'{text}' names nothing: write name=value, or a hashtable.");
            pairs[key] = equals < 0 ? null : text[(equals + 1)..];
        }
        return pairs;
    }
}
