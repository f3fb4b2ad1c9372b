using System.Runtime.CompilerServices;
using LayerStore.Help.Code;
using LayerStore.Help.Maml;
using LayerStore.Help.Pages;

namespace LayerStore.Help;

/// <summary>
/// Makes help of the pages in docs/en-US: <c>maml PAGES FILE</c> writes what Get-Help reads; <c>update PAGES MODULE</c> brings the pages up to date with the
/// built module; <c>check PAGES MODULE</c> only says which are not, in the form that a build takes for its own errors.
/// </summary>
internal static class Program
{
    internal static int Main(string[] words)
    {
        try
        {
            return words switch
            {
                ["maml", var pages, var file] => WriteMaml(pages, file),
                ["update", var pages, var module] => Update(pages, module, write: true),
                ["check", var pages, var module] => Update(pages, module, write: false),
                _ => Complain("maml PAGES FILE, update PAGES MODULE or check PAGES MODULE"),
            };
        }
        catch (PageException exception)
        {
            return Complain(exception.Message);
        }
    }

    private static int WriteMaml(string pages, string file)
    {
        var read = PageReader.ReadAll(pages);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        using var stream = File.Create(file);
        MamlWriter.Write(read, stream);
        return 0;
    }

    // PowerShell's engine is loaded only where it is asked.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Update(string pages, string module, bool write)
    {
        var stale = 0;
        foreach (var cmdlet in ModuleReader.Read(module))
        {
            var path = Path.Combine(pages, cmdlet.Name + ".md");
            var before = File.Exists(path) ? File.ReadAllText(path) : "";
            var page = before.Length > 0 ? PageUpdater.Update(PageReader.Read(path, before), cmdlet) : PageUpdater.Create(cmdlet);
            var after = PageWriter.Write(page);
            if (after == before)
                continue;
            stale++;
            Console.WriteLine(write ? $"updated {path}"
                : $"{path} : error HELP1: the page is not what the code says; ./build.sh help brings it up to date, and leaves {PageUpdater.Missing} where the author has to write");
            if (write)
                File.WriteAllText(path, after);
        }
        return write || stale == 0 ? 0 : 1;
    }

    private static int Complain(string message)
    {
        Console.Error.WriteLine(message);
        return 1;
    }
}
