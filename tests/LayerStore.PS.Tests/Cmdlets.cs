using System.Management.Automation;
using System.Reflection;
using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>The cmdlet types of the built module.</summary>
internal static class Cmdlets
{
    private static readonly Lazy<IReadOnlyList<CmdletType>> Types = new(Find);

    internal static IReadOnlyList<CmdletType> All => Types.Value;

    internal static bool StoresWereOpened { get; set; }

    private static List<CmdletType> Find()
    {
        // The module must have been imported: its loader knows where the library is.
        using var session = new Session(80, "en-US");
        var assembly = AppDomain.CurrentDomain.GetAssemblies().Single(assembly => assembly.GetName().Name == "LayerStore.PS");
        return [.. assembly.GetExportedTypes()
            .Select(type => (Type: type, Cmdlet: type.GetCustomAttribute<CmdletAttribute>()))
            .Where(item => item.Cmdlet is not null)
            .Select(item => new CmdletType(
                item.Type, item.Cmdlet!, item.Type.GetCustomAttribute<AliasAttribute>()?.AliasNames.ToArray() ?? []))
            .OrderBy(item => item.Name, StringComparer.Ordinal)];
    }

    internal sealed record CmdletType(Type Type, CmdletAttribute Attribute, string[] Aliases)
    {
        internal string Name => $"{Attribute.VerbName}-{Attribute.NounName}";

        internal IEnumerable<PropertyInfo> Parameters =>
            Type.GetProperties().Where(property => property.IsDefined(typeof(ParameterAttribute), inherit: false));

        public override string ToString() => Name;
    }
}
