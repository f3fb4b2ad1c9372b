using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace LayerStore.Loader;

/// <summary>Where the library and all that it depends on live, so that another module's copy of a dependency never meets ours.</summary>
internal sealed class PrivateLoadContext : AssemblyLoadContext
{
    private readonly string _directory;
    private readonly string _compiledAhead;
    private readonly AssemblyDependencyResolver _resolver;

    internal PrivateLoadContext(string library)
        : base("LayerStore")
    {
        _directory = Path.GetDirectoryName(library)!;
        // The runtime's own RuntimeIdentifier may name a distribution; a copy for one Linux runs on all of its architecture.
        _compiledAhead = Path.Combine(
            _directory, $"{(OperatingSystem.IsLinux() ? "linux" : "none")}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}");
        _resolver = new AssemblyDependencyResolver(library);
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (LoadCompiledAhead(assemblyName) is { } compiled)
            return compiled;

        // The resolver knows the assemblies that differ per platform; on a platform that the module does not carry there is none.
        var path = _resolver.ResolveAssemblyToPath(assemblyName);
        if (path is null)
        {
            var beside = Path.Combine(_directory, assemblyName.Name + ".dll");
            path = File.Exists(beside) ? beside : null;
        }
        return path is null ? null : LoadFromAssemblyPath(path);
    }

    /// <summary>A copy that was compiled for this platform, where the package brings one: it spares the first use its wait for the JIT.</summary>
    private Assembly? LoadCompiledAhead(AssemblyName assemblyName)
    {
        var path = Path.Combine(_compiledAhead, assemblyName.Name + ".dll");
        if (!File.Exists(path))
            return null;
        try
        {
            return LoadFromAssemblyPath(path);
        }
        catch (BadImageFormatException)
        {
            // Made for another platform after all: the plain one runs everywhere.
            return null;
        }
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        var path = _resolver.ResolveUnmanagedDllToPath(unmanagedDllName);
        return path is null ? 0 : LoadUnmanagedDllFromPath(path);
    }
}
