using System.Text;
using LayerStore.Images.Formats;
using LayerStore.Linux;

namespace LayerStore.Registries;

/// <summary>
/// The credentials that <c>podman login</c> and <c>docker login</c> left (containers-auth.json(5), docker's config.json): entries in the files themselves, and helpers that they name. Only read, never written.
/// </summary>
internal sealed class CredentialFiles(RegistryOptions options)
{
    private const int MaxFileBytes = 1 << 20;

    // The key under which docker keeps Docker Hub's credentials since its first days.
    private const string DockerHubKey = "https://index.docker.io/v1/";

    /// <summary>The credentials for a repository; null where no file has any.</summary>
    /// <param name="domain">The registry as references name it.</param>
    /// <param name="repository">The repository in it; entries for a part of a registry count for it.</param>
    /// <exception cref="StoreException"><see cref="ErrorIds.RegistryCredentialsInvalid"/>: a file or a helper that has them is broken.</exception>
    public RegistryCredential? Find(string domain, string repository)
    {
        foreach (var path in options.CredentialFiles ?? DefaultFiles())
        {
            if (Read(path) is { } file && Find(file, path, domain, repository) is { } credential)
                return credential;
        }
        return null;
    }

    /// <summary>Where podman and docker look, in their order.</summary>
    internal static IReadOnlyList<string> DefaultFiles()
    {
        if (Environment.GetEnvironmentVariable("REGISTRY_AUTH_FILE") is { Length: > 0 } only)
            return [only];
        return
        [
            Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime
                ? Path.Combine(runtime, "containers", "auth.json")
                : $"/run/containers/{Libc.Geteuid()}/auth.json",
            Path.Combine(UserDirectories.Configuration, "containers", "auth.json"),
            Path.Combine(Environment.GetEnvironmentVariable("DOCKER_CONFIG") is { Length: > 0 } docker ? docker : Path.Combine(UserDirectories.Home, ".docker"), "config.json"),
        ];
    }

    private static JsonPart? Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > MaxFileBytes)
                throw RegistryFaults.CredentialsInvalid(path, $"the file has more than {MaxFileBytes} bytes");
            var content = new byte[file.Length];
            file.ReadExactly(content);
            var json = JsonDocuments.Parse(content, path, RegistryFaults.CredentialsInvalid);
            return json.IsObject ? json : throw json.Fault("it is not a JSON object");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw RegistryFaults.CredentialsInvalid(path, error.Message, error);
        }
    }

    private RegistryCredential? Find(JsonPart file, string path, string domain, string repository)
    {
        var isHub = domain == ImageReference.DefaultDomain;
        var helpers = file.TextsByName("credHelpers");
        if (helpers.TryGetValue(domain, out var name) || (isHub && helpers.TryGetValue(DockerHubKey, out name)))
            return CredentialHelper.Get(name, isHub ? DockerHubKey : domain, options.HelperTimeout);
        if (file.Object("auths") is { } entries)
        {
            foreach (var key in KeysFor(domain, repository))
                if (entries.Object(key) is { } entry && FromEntry(entry, path, key) is { } credential)
                    return credential;
        }
        return file.Text("credsStore") is { Length: > 0 } store ? CredentialHelper.Get(store, isHub ? DockerHubKey : domain, options.HelperTimeout) : null;
    }

    /// <summary>The names under which an entry may stand, the most particular first.</summary>
    private static IEnumerable<string> KeysFor(string domain, string repository)
    {
        for (var key = $"{domain}/{repository}"; key.Length > domain.Length; key = key[..key.LastIndexOf('/')])
            yield return key;
        yield return domain;
        yield return "https://" + domain;
        yield return $"https://{domain}/v1/";
        yield return $"https://{domain}/v2/";
        yield return "http://" + domain;
        if (domain == ImageReference.DefaultDomain)
        {
            yield return DockerHubKey;
            yield return "index.docker.io";
            yield return "registry-1.docker.io";
        }
    }

    private static RegistryCredential? FromEntry(JsonPart entry, string path, string key)
    {
        if (entry.Text("identitytoken") is { Length: > 0 } token)
            return RegistryCredential.OfToken(token);
        // docker leaves an empty entry where a helper keeps the secret.
        if (entry.Text("auth") is not { Length: > 0 } encoded)
            return null;
        string text;
        try
        {
            text = Encoding.UTF8.GetString(Convert.FromBase64String(encoded));
        }
        catch (FormatException error)
        {
            throw RegistryFaults.CredentialsInvalid(path, $"the entry '{key}' has an 'auth' that is not Base64", error);
        }
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            ? new RegistryCredential(text[..colon], text[(colon + 1)..].TrimEnd('\0'))
            : throw RegistryFaults.CredentialsInvalid(path, $"the entry '{key}' has an 'auth' without a colon between name and password");
    }
}
