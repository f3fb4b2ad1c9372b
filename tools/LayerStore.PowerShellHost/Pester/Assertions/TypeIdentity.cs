using System.Management.Automation;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>-BeOfType: a type or its name, in brackets or not; a name that is no .NET type is looked for among the value's PowerShell type names.</summary>
internal static class TypeIdentity
{
    public static Assertion Check(object? actual, object? expected)
    {
        var plain = actual is PSObject wrapped ? wrapped.BaseObject : actual;
        var type = Resolve(expected, out var name);
        var holds = plain is not null && (type?.IsInstanceOfType(plain) ?? HasTypeName(actual!, name));
        return new Assertion(
            holds,
            $"a value of type [{type?.ToString() ?? name}] or derived from it",
            $"a value that is not of type [{type?.ToString() ?? name}]",
            $"got {ValueText.Of(actual)} of type {(plain is null ? "none" : ValueText.Of(plain.GetType()))}");
    }

    private static Type? Resolve(object? expected, out string name)
    {
        var plain = expected is PSObject wrapped ? wrapped.BaseObject : expected;
        name = string.Empty;
        switch (plain)
        {
            case Type type:
                return type;
            case string text:
                name = text.StartsWith('[') && text.EndsWith(']') ? text[1..^1] : text;
                return LanguagePrimitives.TryConvertTo<Type>(name, out var found) ? found : null;
            default:
                throw new ArgumentException($"-BeOfType needs a type or a type's name, not {ValueText.Of(expected)}.");
        }
    }

    private static bool HasTypeName(object actual, string name)
    {
        var names = PSObject.AsPSObject(actual).TypeNames;
        if (names.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            return true;
        }

        for (var type = PSObject.AsPSObject(actual).BaseObject.GetType(); type is not null; type = type.BaseType)
        {
            if (string.Equals(type.Name, name, StringComparison.OrdinalIgnoreCase) || string.Equals(type.FullName, name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
