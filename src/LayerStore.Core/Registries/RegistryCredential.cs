namespace LayerStore.Registries;

/// <summary>A user's name and password, or a token that stands for both. Never printed.</summary>
public sealed class RegistryCredential
{
    // What docker's credential helpers give as the name of a user who has an identity token instead of a password.
    private const string TokenUser = "<token>";

    /// <summary>A name and a password (or a personal access token).</summary>
    public RegistryCredential(string userName, string password)
    {
        ArgumentNullException.ThrowIfNull(userName);
        ArgumentNullException.ThrowIfNull(password);
        (UserName, Password) = (userName, password);
        IsIdentityToken = userName == TokenUser;
    }

    /// <summary>The user.</summary>
    public string UserName { get; }

    /// <summary>True where <see cref="Password"/> is a token that a token service gave when the user logged in (OAuth2's refresh token).</summary>
    internal bool IsIdentityToken { get; }

    /// <summary>The secret.</summary>
    internal string Password { get; }

    /// <summary>The user's name only.</summary>
    public override string ToString() => UserName;

    /// <summary>An identity token.</summary>
    internal static RegistryCredential OfToken(string token) => new(TokenUser, token);

    /// <summary>As HTTP's basic authentication sends it (RFC 7617).</summary>
    internal string Basic => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{UserName}:{Password}"));
}
