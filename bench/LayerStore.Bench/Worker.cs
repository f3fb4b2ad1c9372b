using System.Globalization;
using LayerStore.Bench.Sandbox;
using LayerStore.Images;

namespace LayerStore.Bench;

/// <summary>The benchmark's own executable in another role: one piece of LayerStore's work in a fresh process.</summary>
internal static class Worker
{
    /// <summary>Runs a worker to its end and returns the most memory that it had resident, in bytes.</summary>
    public static long Start(params ReadOnlySpan<string> arguments)
    {
        // The process is either the application's own executable or dotnet, which needs the assembly's name.
        var self = Environment.ProcessPath!;
        var output = Path.GetFileNameWithoutExtension(self) == "dotnet"
            ? Tool.Run(self, [Path.Combine(AppContext.BaseDirectory, "LayerStore.Bench.dll"), "worker", .. arguments])
            : Tool.Run(self, ["worker", .. arguments]);
        var line = output.Split('\n').LastOrDefault(l => l.StartsWith("VmHWM ", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line[6..], CultureInfo.InvariantCulture);
    }

    public static int Run(ReadOnlySpan<string> arguments)
    {
        switch (arguments[0])
        {
            case "import":
                using (var store = Store.Open(new StoreOptions { Root = arguments[1], Driver = "overlay2" }))
                {
                    foreach (var image in store.Images.Import(arguments[2], new ImportOptions()))
                    {
                        Console.WriteLine(image.Id);
                    }
                }

                break;
            case "list":
                using (var store = Store.Open(new StoreOptions { Root = arguments[1], CreateIfMissing = false }))
                {
                    Console.WriteLine(store.Containers.List().Count);
                }

                break;
            case "sizes":
                using (var store = Store.Open(new StoreOptions { Root = arguments[1], CreateIfMissing = false }))
                {
                    Console.WriteLine(store.Containers.Measure(store.Containers.List()).Sum(size => size.SizeRw));
                }

                break;
            default:
                throw new ArgumentException($"'{arguments[0]}' is no worker.");
        }

        Console.WriteLine("VmHWM " + PeakResidentBytes().ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    private static long PeakResidentBytes()
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(6).Trim().TrimEnd("kB ").ToString(), CultureInfo.InvariantCulture) * 1024;
    }
}
