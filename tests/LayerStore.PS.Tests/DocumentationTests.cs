using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Xml.Linq;
using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests;

/// <summary>Every public type and member says what it is.</summary>
public sealed class DocumentationTests : IClassFixture<Session>
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Theory]
    [InlineData("LayerStore.Core")]
    [InlineData("LayerStore.PS")]
    [InlineData("LayerStore.Loader")]
    public void Public_types_and_members_are_documented(string name)
    {
        var assembly = AssemblyLoadContext.All.SelectMany(context => context.Assemblies).Single(assembly => assembly.GetName().Name == name);
        // Written beside what the compiler makes, and not shipped.
        var file = Directory.GetFiles(Path.Combine(Session.RepositoryPath, "src", name, "obj"), name + ".xml", SearchOption.AllDirectories).MaxBy(File.GetLastWriteTimeUtc)!;
        var documented = XDocument.Load(file).Descendants("member")
            .Where(member => member.Elements().Any(element => element.Name == "inheritdoc" || !string.IsNullOrWhiteSpace(element.Value) || element.HasElements))
            .Select(member => member.Attribute("name")!.Value.Split('(')[0].Split('~')[0].Replace("``1", "", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);

        var missing = assembly.GetExportedTypes().SelectMany(Names).Where(member => !documented.Contains(member)).ToArray();

        Assert.True(missing.Length == 0, string.Join('\n', missing));
    }

    private static IEnumerable<string> Names(Type type)
    {
        var name = type.FullName!.Replace('+', '.');
        // Of a record the compiler writes most members; its parameters are documented with it.
        var parameters = type.GetMethod("<Clone>$") is null
            ? []
            : type.GetConstructors().SelectMany(constructor => constructor.GetParameters()).Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        yield return "T:" + name;
        // The names of the ids are their documentation: about_LayerStore_Errors explains each.
        if (type.Name == "ErrorIds")
            yield break;
        foreach (var property in type.GetProperties(Declared).Where(property => !parameters.Contains(property.Name) && property.GetIndexParameters().Length == 0))
            yield return $"P:{name}.{property.Name}";
        foreach (var field in type.GetFields(Declared).Where(field => !field.IsSpecialName))
            yield return $"F:{name}.{field.Name}";
        if (type.IsEnum || type.IsSubclassOf(typeof(Delegate)))
            yield break;
        foreach (var method in type.GetMethods(Declared).Where(method => !method.IsSpecialName && method.GetBaseDefinition() == method && !method.IsDefined(typeof(CompilerGeneratedAttribute))))
            yield return $"M:{name}.{method.Name}";
    }
}
