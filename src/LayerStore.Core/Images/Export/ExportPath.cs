using LayerStore.Images.Formats;
using LayerStore.Linux;

namespace LayerStore.Images.Export;

/// <summary>Looks at the path of an export before anything is done.</summary>
internal static class ExportPath
{
    /// <summary>Opens the target.</summary>
    public static IExportTarget Open(string path, ExportOptions options)
    {
        Check(path, options);
        return options.Format == ExportFormat.OciLayout ? new DirectoryExportTarget(path, options.Force) : new TarExportTarget(path, options.Force);
    }

    /// <summary>Refuses a path that cannot be written.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ExportPathExists"/>, <see cref="ErrorIds.PathInvalid"/>.</exception>
    public static void Check(string path, ExportOptions options)
    {
        if (!Directory.Exists(Path.GetDirectoryName(path)))
            throw ExportErrors.NoDirectory(path);
        var isLayout = options.Format == ExportFormat.OciLayout;
        if (Directory.Exists(path))
        {
            if (!isLayout)
                throw ExportErrors.NotReplaceable(path, "a directory");
            var isEmpty = !Directory.EnumerateFileSystemEntries(path).Any();
            if (!isEmpty && !File.Exists(Path.Combine(path, OciLayout.LayoutName)))
                throw ExportErrors.NotReplaceable(path, "a directory that is no image layout");
            if (!isEmpty && !options.Force)
                throw ExportErrors.Exists(path);
        }
        else if (File.Exists(path))
        {
            if (!IsRegular(path))
                throw ExportErrors.NotReplaceable(path, "no regular file");
            if (isLayout)
                throw ExportErrors.NotReplaceable(path, "a file, and a layout is a directory");
            if (!options.Force)
                throw ExportErrors.Exists(path);
        }
    }

    private static unsafe bool IsRegular(string path)
    {
        StatxData data;
        fixed (byte* name = FileName.Terminated(path))
            return Libc.Statx(Libc.AT_FDCWD, name, 0, Libc.STATX_TYPE, &data) == 0 && data.IsRegular;
    }
}
