using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace LayerStore.Volumes;

/// <summary>Docker's grammar of volume names (<c>[a-zA-Z0-9][a-zA-Z0-9_.-]+</c>), which is also what may be a directory's name in the store.</summary>
internal static partial class VolumeName
{
    // The longest name of a file that Linux has.
    private const int MaxLength = 255;

    /// <summary>Refuses what is no name.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.VolumeNameInvalid"/>.</exception>
    public static void Validate(string name)
    {
        if (name.Length > MaxLength || !Grammar().IsMatch(name))
            throw new StoreException(ErrorIds.VolumeNameInvalid, StoreErrorKind.InvalidArgument, name,
                $"'{Printable.Escape(name.Length > MaxLength ? name[..MaxLength] + "…" : name)}' is not a volume's name.",
                "A name has 2 to 255 characters: letters, digits, '_', '.' and '-', the first of them a letter or a digit. A directory of this machine is mounted by its absolute path.");
    }

    /// <summary>A name for a volume that nobody names: 64 hexadecimal digits, as Docker's.</summary>
    public static string Generate() => RandomNumberGenerator.GetHexString(64, lowercase: true);

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9_.-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Grammar();
}
