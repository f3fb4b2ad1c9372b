namespace LayerStore.Tests.Support;

/// <summary>Says on which file system the <see cref="FileSystemFactAttribute"/>s of a class run.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OnFileSystemAttribute(FileSystemKind kind) : Attribute
{
    public FileSystemKind Kind { get; } = kind;
}
