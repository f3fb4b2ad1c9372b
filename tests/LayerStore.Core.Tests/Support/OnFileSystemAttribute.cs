namespace LayerStore.Tests.Support;

/// <summary>Says on which file systems the <see cref="FileSystemFactAttribute"/>s of a class run.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class OnFileSystemAttribute(FileSystemKind kind) : Attribute
{
    public FileSystemKind Kind { get; } = kind;
}
