using System.Management.Automation;
using LayerStore.Registries;

namespace LayerStore.PS;

/// <summary>Turns the parameters of the registry cmdlets into what the library takes.</summary>
internal static class Registries
{
    internal static RegistryOptions Options(PSCredential? credential, bool allowInsecure, string? certificateAuthority, string[]? mirrors = null) => new()
    {
        Credential = credential is null || credential == PSCredential.Empty
            ? null
            : new RegistryCredential(credential.UserName, credential.GetNetworkCredential().Password),
        AllowInsecure = allowInsecure,
        CertificateAuthority = certificateAuthority,
        Mirrors = mirrors ?? [],
    };
}
