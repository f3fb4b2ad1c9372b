using System.Management.Automation;

namespace LayerStore.PS;

/// <summary>Lets a size be written as Docker's <c>--storage-opt size=10G</c> too; PowerShell's own <c>10GB</c> is a number already, and means the same.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SizeTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var input = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (input is not string text)
            return input;
        return ByteSize.TryParseBinary(text, out var bytes)
            ? bytes
            : throw new ArgumentTransformationMetadataException($"'{Printable.Escape(text)}' is no size: write bytes, 10G, 10GB or 512MiB (binary units, as Docker reads them).");
    }
}
