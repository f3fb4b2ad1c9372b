using System.Globalization;
using System.Net;
using LayerStore.Images.Formats;

namespace LayerStore.Registries;

/// <summary>The errors of registries: what each says is written once.</summary>
internal static class RegistryFaults
{
    private const int MaxBodyBytes = 64 << 10, MaxShownCharacters = 300;

    /// <summary>No answer at all.</summary>
    public static StoreException Unreachable(string registry, Exception cause) => new(
        ErrorIds.RegistryUnreachable, StoreErrorKind.InputOutput, registry,
        $"The registry '{Printable.Escape(registry)}' cannot be reached: {Printable.Escape(Innermost(cause).TrimEnd('.'))}.",
        "Check the registry's name, the network and the proxy (HTTPS_PROXY, NO_PROXY), and try again.", cause);

    public static StoreException TlsFailed(string registry, string reason, Exception cause) => new(
        ErrorIds.RegistryTlsFailed, StoreErrorKind.Security, registry,
        $"The registry '{Printable.Escape(registry)}' cannot be trusted: {Printable.Escape(reason.TrimEnd('.'))}.",
        $"Give the certificate of its authority with -CertificateAuthority FILE, or put it into /etc/containers/certs.d/{Printable.Escape(registry)}/ca.crt.", cause);

    public static StoreException Insecure(string registry, string reason) => new(
        ErrorIds.RegistryInsecure, StoreErrorKind.Security, registry,
        $"The registry '{Printable.Escape(registry)}' is not used: {Printable.Escape(reason)}.",
        "Use a registry that speaks TLS throughout; where you trust the whole network in between, say -AllowInsecure.");

    public static StoreException Protocol(string registry, string reason, Exception? cause = null) => new(
        ErrorIds.RegistryProtocolError, StoreErrorKind.InvalidData, registry,
        $"The registry '{Printable.Escape(registry)}' does not keep to the distribution protocol: {Printable.Escape(reason)}.",
        "Check that the name is a registry's; if it is, its operator has to mend it.", cause);

    public static StoreException Unauthorized(string registry, string reason) => new(
        ErrorIds.RegistryUnauthorized, StoreErrorKind.PermissionDenied, registry,
        $"The registry '{Printable.Escape(registry)}' wants to know who you are: {Printable.Escape(reason)}.",
        "Give -Credential, or log in with 'podman login' or 'docker login'. Some registries answer so too where an image does not exist.");

    public static StoreException Denied(string registry, string what, string reason) => new(
        ErrorIds.RegistryDenied, StoreErrorKind.PermissionDenied, registry,
        $"The registry '{Printable.Escape(registry)}' denies {Printable.Escape(what)}{Detail(reason)}.",
        "Check the image's name and your rights there; another -Credential may have them.");

    public static StoreException CredentialsInvalid(string source, string reason, Exception? cause = null) => new(
        ErrorIds.RegistryCredentialsInvalid, StoreErrorKind.InvalidData, source,
        $"No credentials can be taken from '{Printable.Escape(source)}': {Printable.Escape(reason.TrimEnd('.'))}.",
        "Give -Credential, or log in again with 'podman login' or 'docker login'.", cause);

    public static StoreException NoDestination(string name, string reason) => new(
        ErrorIds.ReferenceInvalid, StoreErrorKind.InvalidArgument, name,
        $"'{Printable.Escape(name)}' cannot be pushed: {reason}.",
        "Give the name that it shall have at the registry, with a tag: 'registry.example.com/team/app:1.2'.");

    /// <summary>What a connection's failure means.</summary>
    public static StoreException From(Exception error, string registry, CertificateTrust certificates) => error switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            TlsFailed(registry, certificates.Refusal ?? Innermost(error), error),
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.InvalidResponse } =>
            Protocol(registry, Innermost(error).TrimEnd('.'), error),
        _ => Unreachable(registry, error),
    };

    /// <summary>What an answer that is no success means.</summary>
    /// <param name="response">The answer; its body is read as far as it is needed.</param>
    /// <param name="registry">The registry.</param>
    /// <param name="what">What was asked for, in words: <c>the manifest 'alpine:latest'</c>.</param>
    /// <param name="unknownId">The id of what a 404 means.</param>
    public static StoreException From(HttpResponseMessage response, string registry, string what, string unknownId)
    {
        var said = ErrorsOf(response);
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => Unauthorized(registry, $"it does not give {what}{Detail(said)}"),
            HttpStatusCode.Forbidden => Denied(registry, what, said),
            HttpStatusCode.NotFound => new StoreException(
                unknownId, StoreErrorKind.NotFound, what.Contains('\'', StringComparison.Ordinal) ? what.Split('\'')[1] : registry,
                $"The registry '{Printable.Escape(registry)}' does not have {Printable.Escape(what)}{Detail(said)}.",
                unknownId == ErrorIds.RegistryManifestUnknown
                    ? "Check the name and the tag; Get-ContainerImage shows what the store has."
                    : "The image is incomplete there: push it again, or pull another tag."),
            HttpStatusCode.TooManyRequests => new StoreException(
                ErrorIds.RegistryBusy, StoreErrorKind.InUse, registry,
                $"The registry '{Printable.Escape(registry)}' gets too many requests and does not give {Printable.Escape(what)}{Detail(said)}.",
                "Wait a while; where it limits those who are not logged in, log in or give -Credential."),
            >= HttpStatusCode.InternalServerError => new StoreException(
                ErrorIds.RegistryBusy, StoreErrorKind.InputOutput, registry,
                $"The registry '{Printable.Escape(registry)}' failed ({(int)response.StatusCode}) with {Printable.Escape(what)}{Detail(said)}.",
                "Try again later; if it stays so, tell the registry's operator."),
            var status => Protocol(registry, $"it answers {(int)status} for {what}{Detail(said)}"),
        };
    }

    private static string Detail(string said) => said.Length == 0 ? "" : $" ({Printable.Escape(said)})";

    /// <summary>The registry's own words (distribution specification, error codes), cut short.</summary>
    private static string ErrorsOf(HttpResponseMessage response)
    {
        try
        {
            var content = BoundedBody.TryRead(response, MaxBodyBytes, CancellationToken.None);
            if (content is null or { Length: 0 })
                return "";
            var json = JsonDocuments.Parse(content, "errors", (_, reason, cause) => new StoreException("", StoreErrorKind.InvalidData, null, reason, "", cause));
            var texts = json.Array("errors").Select(error => string.Create(CultureInfo.InvariantCulture, $"{error.Text("code")}: {error.Text("message")}"));
            var text = string.Join("; ", texts);
            return text.Length <= MaxShownCharacters ? text : text[..MaxShownCharacters] + "…";
        }
        catch (Exception error) when (error is StoreException or IOException or HttpRequestException or OperationCanceledException)
        {
            // An error page says nothing that the status does not.
            return "";
        }
    }

    private static string Innermost(Exception error)
    {
        while (error.InnerException is { } inner)
            error = inner;
        return error.Message;
    }
}
