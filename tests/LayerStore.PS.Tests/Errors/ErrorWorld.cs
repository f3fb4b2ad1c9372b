using System.Diagnostics;
using System.Formats.Tar;
using System.Runtime.Loader;
using System.Text;
using LayerStore.PS.Tests.Hosting;

namespace LayerStore.PS.Tests.Errors;

/// <summary>
/// A store with something in it, and beside it all that cmdlets stumble over. Variables of the session: $small, $images, $root, $mounted, $twice, $registry, $untrusted.
/// </summary>
public sealed class ErrorWorld : IDisposable
{
    private readonly BrokenRegistry _registry = new();
    private readonly BrokenRegistry _untrusted = new(tls: true);
    private readonly bool _isRoot = Environment.UserName == "root";

    public ErrorWorld()
    {
        Store = new StoreSession();
        try
        {
            Set("small", SavedImage.Small);
            Set("root", Store.Directory);
            Set("images", Directory.CreateDirectory(Store["images"]).FullName);
            Set("registry", _registry.Authority);
            Set("untrusted", _untrusted.Authority);
            WriteImages(Store["images"]);
            MakeStores();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    internal StoreSession Store { get; }

    public void Dispose()
    {
        Store.Dispose();
        _registry.Dispose();
        _untrusted.Dispose();
    }

    private static void WriteImages(string folder)
    {
        string At(string name) => Path.Combine(folder, name);
        var layer = BrokenImages.Layer();
        BrokenImages.Saved(At("corrupt.tar"), [.. BrokenImages.Gzip(layer)[..20], .. new byte[600]]);
        BrokenImages.Saved(At("bzip2.tar"), Encoding.ASCII.GetBytes("BZh91AY&SY".PadRight(600)));
        BrokenImages.Saved(At("entry.tar"), BrokenImages.Layer("strange", (TarEntryType)'!'));
        BrokenImages.Saved(At("unsafe.tar"), BrokenImages.Layer("../evil"));
        BrokenImages.Saved(At("missing.tar"), layer, withLayer: false);
        BrokenImages.Saved(At("config.tar"), layer, config: "[]");
        BrokenImages.Saved(At("manifest.tar"), layer, manifest: "{}");
        BrokenImages.Saved(At("diffid.tar"), layer, diffId: "sha256:" + new string('0', 64));
        BrokenImages.Layout(At("good"));
        BrokenImages.Layout(At("size"), described => described["size"] = 1);
        BrokenImages.Layout(At("nodigest"), described => described["digest"] = "sha256:xyz");
        var blob = Path.Combine(BrokenImages.Layout(At("digest")), "blobs", "sha256", BrokenImages.Hash(layer));
        var bytes = File.ReadAllBytes(blob);
        bytes[600] ^= 1;
        File.WriteAllBytes(blob, bytes);
        File.WriteAllBytes(At("cut.tar"), File.ReadAllBytes(SavedImage.Small)[..1_000_000]);
        File.WriteAllText(At("auth.json"), "no JSON");
        BrokenImages.Deep(At("deep.tar"), 502);
    }

    private void MakeStores()
    {
        Store.Run("Import-ContainerImage $small | New-Container -Name c1; New-Container small -Name mounted");
        Set("mounted", Store.Text("Mount-Container mounted"));
        File.WriteAllText(Path.Combine(Store.Text("(New-ContainerVolume v1 -Label a=1).Mountpoint"), "file"), "x");
        Store.Run("New-Container small -Name user -Mount used:/data");
        Directory.Delete(Store.Text("(New-ContainerVolume lost).Mountpoint"));
        // Of 17 ids two begin with the same digit.
        var ids = Store.Run("Initialize-Storage -Root $root/many -Driver vfs; foreach ($i in 1..17) { (New-Container -Empty -Root $root/many).Id }").Select(id => id.ToString());
        Set("twice", ids.GroupBy(id => id[..1]).First(group => group.Count() > 1).Key);
        Store.Run("(Import-ContainerImage $small -Root $root/named -Reference twice:1, twice:2), (Import-ContainerImage $small -Root $root/changed), (Import-ContainerImage $small -Root $root/inexact)");
        File.WriteAllText(Directory.GetFiles(Store["changed"], "passwd", SearchOption.AllDirectories).First(), "changed");
        File.Delete(Directory.GetFiles(Store["inexact"], "tar-split*", SearchOption.AllDirectories).Single());
        foreach (var driver in (string[])["overlay2", "vfs"])
            Directory.CreateDirectory(Path.Combine(Store["ambiguous"], driver, new string('a', 64), "diff"));
        Directory.CreateDirectory(Store["damaged"]);
        File.WriteAllText(Path.Combine(Store["damaged"], "metadata.db"), new string('x', 5000));
        Store.Run("Initialize-Storage -Root $root/newer -Driver vfs");
        Execute(Path.Combine(Store["newer"], "metadata.db"), "UPDATE schema_version SET version = version + 9999");
        if (!_isRoot)
            return;
        Store.Run("$null = Import-ContainerImage $small -Root $root/spoilt | New-Container -Name c1 -Root $root/spoilt");
        foreach (var work in Directory.GetDirectories(Store["spoilt"], "work", SearchOption.AllDirectories))
        {
            Directory.Delete(work, recursive: true);
            File.WriteAllText(work, "no directory");
        }
        Process.Start("mount", ["-t", "tmpfs", "-o", "size=1M", "tmpfs", Directory.CreateDirectory(Store["full"]).FullName]).WaitForExit();
    }

    /// <summary>Changes a database behind LayerStore's back, with the SQLite that it loaded.</summary>
    private static void Execute(string database, string sql)
    {
        var sqlite = AssemblyLoadContext.All.Single(context => context.Name == "LayerStore").Assemblies.Single(assembly => assembly.GetName().Name == "Microsoft.Data.Sqlite");
        using var connection = (System.Data.Common.DbConnection)Activator.CreateInstance(sqlite.GetType("Microsoft.Data.Sqlite.SqliteConnection")!, $"Data Source={database};Pooling=False")!;
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private void Set(string name, object value) => Store.Session.Runspace.SessionStateProxy.SetVariable(name, value);
}
