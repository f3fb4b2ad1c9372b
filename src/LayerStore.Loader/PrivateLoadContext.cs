using System.Reflection;
using System.Runtime.Loader;

namespace LayerStore.Loader;

/// <summary>Where the library and all that it depends on live, so that another module's copy of a dependency never meets ours.</summary>
internal sealed class PrivateLoadContext : AssemblyLoadContext
{
    private readonly string _directory;
    private readonly AssemblyDependencyResolver _resolver;

    internal PrivateLoadContext(string library)
        : base("LayerStore")
    {
        _directory = Path.GetDirectoryName(library)!;
        _resolver = new AssemblyDependencyResolver(library);
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // The resolver knows the assemblies that differ per platform; on a platform that the module does not carry there is none.
        var path = _resolver.ResolveAssemblyToPath(assemblyName);
        if (path is null)
        {
            var beside = Path.Combine(_directory, assemblyName.Name + ".dll");
            path = File.Exists(beside) ? beside : null;
        }
        return path is null ? null : LoadFromAssemblyPath(path);
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        var path = _resolver.ResolveUnmanagedDllToPath(unmanagedDllName);
        return path is null ? 0 : LoadUnmanagedDllFromPath(path);
    }
}
