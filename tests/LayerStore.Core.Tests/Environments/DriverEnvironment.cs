using System.Reflection;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Environments;

/// <summary>One environment of a driver, and the classes whose tests are run on it.</summary>
internal sealed record DriverEnvironment(DriverEnvironmentAttribute Declaration, IReadOnlyList<Type> Classes)
{
    /// <summary>True in a guest of tests/guest.</summary>
    public static bool IsGuest => Environment.GetEnvironmentVariable("LAYERSTORE_GUEST") is not null;

    /// <summary>All environments that this assembly has tests for, by driver.</summary>
    public static IReadOnlyList<DriverEnvironment> All { get; } =
    [
        .. from type in typeof(DriverEnvironment).Assembly.GetTypes()
           let declaration = type.GetCustomAttribute<DriverEnvironmentAttribute>()
           where declaration is not null
           orderby declaration.Driver, declaration.InGuest, declaration.Name, type.FullName
           group (declaration, type) by (declaration.Driver, declaration.Name, declaration.InGuest) into one
           select new DriverEnvironment(one.First().declaration, [.. one.Select(item => item.type)]),
    ];

    public string Title => $"{Declaration.Driver} on {Declaration.Name}{(Declaration.InGuest ? " in guest" : "")}";

    /// <summary>The tests whose full names contain a text.</summary>
    public IEnumerable<string> TestsNamed(string filter) =>
        from type in Classes
        from method in type.GetMethods()
        where method.GetCustomAttribute<FactAttribute>() is not null
        let name = $"{type.FullName}.{method.Name}"
        where name.Contains(filter, StringComparison.OrdinalIgnoreCase)
        select name;

    /// <summary>Why it cannot be had on this machine, apart from the guest itself; null where it can.</summary>
    public string? Missing
    {
        get
        {
            if (Declaration.OtherKernelFor is { } feature && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("LAYERSTORE_GUEST_KERNEL")))
                return $"no kernel of Debian's has {feature}; LAYERSTORE_GUEST_KERNEL=PATH names one that has, built for ARCH=um";
            var missing = Declaration.Programs.Where(program => !Command.Exists(program.Split(' ')[0])).ToList();
            if (missing.Count > 0)
                return $"needs {string.Join(", ", missing)}";
            if (Declaration.Demo && DemoStory.Missing is { } lacking)
                return lacking;
            return Classes.SelectMany(type => type.GetCustomAttributes<OnFileSystemAttribute>())
                .Select(place => Declaration.InGuest ? LoopFileSystem.ProgramMissingFor(place.Kind) : LoopFileSystem.MissingFor(place.Kind))
                .FirstOrDefault(reason => reason is not null);
        }
    }
}
