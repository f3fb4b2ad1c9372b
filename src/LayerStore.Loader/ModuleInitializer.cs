using System.Management.Automation;
using System.Reflection;
using System.Runtime.Loader;

namespace LayerStore.Loader;

/// <summary>
/// Runs before PowerShell reads the types of <c>LayerStore.PS.dll</c> (nested modules are loaded first): from then on the name
/// <c>LayerStore.Core</c> leads into a private load context.
/// </summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer
{
    private const string LibraryName = "LayerStore.Core";

    private static readonly Lock Gate = new();
    private static PrivateLoadContext? _context;

    /// <inheritdoc/>
    public void OnImport()
    {
        // Every import in every runspace comes here; the handler must stand once, and stay: an assembly is never unloaded.
        lock (Gate)
        {
            if (_context is not null)
                return;
            var library = Path.Combine(
                Path.GetDirectoryName(typeof(ModuleInitializer).Assembly.Location)!, "dependencies", LibraryName + ".dll");
            _context = new PrivateLoadContext(library);
            AssemblyLoadContext.Default.Resolving += ResolveLibrary;
            TypeAccelerators.Register(_context.LoadFromAssemblyName(new AssemblyName(LibraryName)));
        }
    }

    private static Assembly? ResolveLibrary(AssemblyLoadContext context, AssemblyName name) =>
        name.Name == LibraryName ? _context!.LoadFromAssemblyName(name) : null;
}
