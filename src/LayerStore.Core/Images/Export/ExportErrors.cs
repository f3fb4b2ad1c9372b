namespace LayerStore.Images.Export;

/// <summary>What can be wrong with an export, in the words that users see.</summary>
internal static class ExportErrors
{
    public static StoreException Exists(string path) => new(
        ErrorIds.ExportPathExists, StoreErrorKind.AlreadyExists, path, $"'{Printable.Escape(path)}' exists already.",
        "Choose another path, or replace it with -Force.");

    public static StoreException NotReplaceable(string path, string what) => new(
        ErrorIds.ExportPathExists, StoreErrorKind.AlreadyExists, path, $"'{Printable.Escape(path)}' exists and is not replaced: it is {what}.",
        "Choose another path; only a file, and of directories an image layout or an empty one, is replaced.");

    public static StoreException NoDirectory(string path) => new(
        ErrorIds.PathInvalid, StoreErrorKind.NotFound, path, $"'{Printable.Escape(path)}' cannot be written: the directory that it should be in does not exist.",
        "Make the directory first, or give another path.");
}
