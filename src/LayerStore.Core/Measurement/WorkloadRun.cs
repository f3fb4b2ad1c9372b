using LayerStore.Containers;
using LayerStore.Images;
using LayerStore.Linux;
using Microsoft.Win32.SafeHandles;

namespace LayerStore.Measurement;

/// <summary>Does the workloads of one driver, one after the other, as often as asked for. What a workload needs is made whether or not it is measured.</summary>
internal sealed class WorkloadRun(
    string driver, Store store, string archive, MeasurementOptions options, Samples samples, IProgress<MeasurementProgress>? progress, CancellationToken cancellation)
{
    private static readonly DriverWorkload[] s_inside =
    [
        DriverWorkload.ReadFiles, DriverWorkload.CreateFiles, DriverWorkload.CopyUpSmallFiles, DriverWorkload.CopyUpBigFile, DriverWorkload.DeleteFiles,
    ];

    private int _iteration;

    /// <summary>Does everything.</summary>
    public void Run()
    {
        // Once for nothing: the first time is the compiler's and the caches'.
        for (_iteration = 0; _iteration <= options.Iterations; _iteration++)
        {
            if (_iteration == 0 || IsWanted(DriverWorkload.ImportImage))
                Import();
            if (options.Workloads.Any(workload => s_inside.Contains(workload) || workload is DriverWorkload.CreateContainer or DriverWorkload.MountContainer or DriverWorkload.RemoveContainer))
                OneContainer();
            if (options.Workloads.Any(workload => workload is DriverWorkload.CreateManyContainers or DriverWorkload.MeasureManyContainers))
                ManyContainers();
        }
    }

    private void Import()
    {
        foreach (var image in store.Images.List())
            store.Images.Remove(image.Id, force: true);
        // What earlier workloads left to write shall not be counted here.
        store.Driver.Sync();
        Measure(DriverWorkload.ImportImage, () => store.Images.Import(archive, new ImportOptions(), cancellation: cancellation).Count());
    }

    private void OneContainer()
    {
        var container = Measure(DriverWorkload.CreateContainer, Create);
        Measure(DriverWorkload.MountContainer, () =>
        {
            store.Containers.Mount(container.Id);
            return store.Containers.Dismount(container.Id);
        });
        if (options.Workloads.Any(s_inside.Contains))
        {
            var root = store.Containers.Mount(container.Id).Path;
            Inside(DriverWorkload.ReadFiles, root, Read);
            Inside(DriverWorkload.CreateFiles, root, CreateFiles);
            Inside(DriverWorkload.CopyUpSmallFiles, root, CopyUpSmallFiles);
            Inside(DriverWorkload.CopyUpBigFile, root, CopyUpBigFile);
            Inside(DriverWorkload.DeleteFiles, root, DeleteFiles);
            store.Containers.Dismount(container.Id);
        }
        Measure(DriverWorkload.RemoveContainer, () => store.Containers.Remove(container.Id));
    }

    private void ManyContainers()
    {
        var containers = Measure(DriverWorkload.CreateManyContainers, () => Enumerable.Range(0, options.ContainerCount).Select(_ => Create()).ToArray());
        if (IsWanted(DriverWorkload.MeasureManyContainers))
            Measure(DriverWorkload.MeasureManyContainers, () => store.Containers.Measure(containers, cancellation).Count());
        foreach (var container in containers)
            store.Containers.Remove(container.Id);
    }

    private Container Create()
    {
        cancellation.ThrowIfCancellationRequested();
        return store.Containers.Create(new ContainerOptions { Image = SampleImage.Name });
    }

    private void Inside(DriverWorkload workload, string root, Action<string> action)
    {
        if (!IsWanted(workload))
            return;
        DirectoryHandle.FlushFileSystem(root);
        Measure(workload, () =>
        {
            action(root);
            if (workload != DriverWorkload.ReadFiles)
                DirectoryHandle.FlushFileSystem(root);
            return root;
        });
    }

    private void Read(string root)
    {
        var buffer = new byte[1 << 17];
        foreach (var name in Names(SampleImage.SmallFile).Append(SampleImage.BigFile))
        {
            using var file = Open(root, name, FileMode.Open, FileAccess.Read);
            for (long offset = 0; RandomAccess.Read(file, buffer, offset) is var read and > 0; offset += read)
                cancellation.ThrowIfCancellationRequested();
        }
    }

    private void CreateFiles(string root)
    {
        var content = new byte[options.FileBytes];
        Directory.CreateDirectory(Path.Combine(root, "new"));
        foreach (var name in Names(number => $"new/{number}"))
        {
            using var file = Open(root, name, FileMode.CreateNew, FileAccess.Write);
            RandomAccess.Write(file, content, 0);
        }
    }

    private void CopyUpSmallFiles(string root)
    {
        foreach (var name in Names(SampleImage.SmallFile))
        {
            using var file = Open(root, name, FileMode.Open, FileAccess.Write);
            RandomAccess.Write(file, "x"u8, options.FileBytes);
        }
    }

    private void CopyUpBigFile(string root)
    {
        using var file = Open(root, SampleImage.BigFile, FileMode.Open, FileAccess.Write);
        RandomAccess.Write(file, "x"u8, options.BigFileBytes / 2);
    }

    private void DeleteFiles(string root)
    {
        foreach (var name in Names(SampleImage.OldFile))
            File.Delete(Path.Combine(root, name));
    }

    private IEnumerable<string> Names(Func<int, string> name)
    {
        for (var i = 0; i < options.FileCount; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return name(i);
        }
    }

    /// <summary>Shared with everybody: .NET would lock the file otherwise, which is not what is to be measured.</summary>
    private static SafeFileHandle Open(string root, string name, FileMode mode, FileAccess access) =>
        File.OpenHandle(Path.Combine(root, name), mode, access, FileShare.ReadWrite | FileShare.Delete);

    private T Measure<T>(DriverWorkload workload, Func<T> action)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_iteration == 0 || !IsWanted(workload))
            return action();
        progress?.Report(new MeasurementProgress(driver, workload, _iteration, options.Iterations));
        return samples.Time(workload, action);
    }

    private bool IsWanted(DriverWorkload workload) => options.Workloads.Contains(workload);
}
