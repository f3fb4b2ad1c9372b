using System.Text.RegularExpressions;

namespace LayerStore.Containers;

/// <summary>Docker's grammar of container names (<c>[a-zA-Z0-9][a-zA-Z0-9_.-]+</c>).</summary>
internal static partial class ContainerName
{
    /// <summary>Refuses what is no name.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.ContainerNameInvalid"/>.</exception>
    public static void Validate(string name)
    {
        if (!Grammar().IsMatch(name))
            throw new StoreException(ErrorIds.ContainerNameInvalid, StoreErrorKind.InvalidArgument, name,
                $"'{Printable.Escape(name)}' is not a container's name.",
                "A name has two characters or more: letters, digits, '_', '.' and '-', the first of them a letter or a digit.");
    }

    /// <summary>The error for a name that another container has.</summary>
    public static StoreException InUse(string name, string? holder) => new(
        ErrorIds.ContainerNameInUse, StoreErrorKind.AlreadyExists, name,
        $"The name '{name}' is taken by the container {holder ?? "of another command"}.",
        "Choose another name, or remove or rename the other container.");

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9_.-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Grammar();
}
