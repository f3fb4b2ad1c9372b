namespace LayerStore.Containers.Copying;

/// <summary>What keeps files from being copied, in words.</summary>
internal static class CopyErrors
{
    public static StoreException SourceMissing(string path) => new(
        ErrorIds.FileNotFound, StoreErrorKind.NotFound, path,
        $"There is no '{Printable.Escape(path)}'.", "Check the path; paths in a container start at its root, and are taken as they are written.");

    public static StoreException SourceNoDirectory(string path) => new(
        ErrorIds.FileNotFound, StoreErrorKind.NotFound, path,
        $"'{Printable.Escape(path)}' is no directory.", "Leave out the slash at the end to copy the file.");

    public static StoreException DirectoryMissing(string path) => new(
        ErrorIds.CopyTargetInvalid, StoreErrorKind.InvalidArgument, path,
        $"The directory '{Printable.Escape(path)}' does not exist.", "Make it first, or leave out the slash at the end to give the copy that name.");

    public static StoreException TargetNoDirectory(string path) => new(
        ErrorIds.CopyTargetInvalid, StoreErrorKind.InvalidArgument, path,
        $"'{Printable.Escape(path)}' is no directory, and a directory is to be copied to it.", "Give another destination, or remove what is there.");

    public static StoreException TargetIsDirectory(string path) => new(
        ErrorIds.CopyTargetInvalid, StoreErrorKind.InvalidArgument, path,
        $"'{Printable.Escape(path)}' is a directory, and something else is to be copied to it.", "Give another destination, or remove what is there.");

    public static StoreException IntoItself(string path) => new(
        ErrorIds.CopyTargetInvalid, StoreErrorKind.InvalidArgument, path,
        $"'{Printable.Escape(path)}' would be copied into itself: it holds the destination or the store.", "Copy what is in it one by one, or choose another destination.");

    public static StoreException Vanished(string path) => new(
        ErrorIds.ContainerChanging, StoreErrorKind.InUse, path,
        $"'{Printable.Escape(path)}' was changed while it was copied.", "Stop whoever writes there, and run the command again.");
}
