using System.Management.Automation;
using LayerStore.Configuration;
using LayerStore.Registries;

namespace LayerStore.PS;

/// <summary>Turns the parameters of the registry cmdlets into what the library takes.</summary>
internal static class Registries
{
    internal static RegistryOptions Options(
        PSCredential? credential, SwitchParameter? allowInsecure, string? certificateAuthority, IReadOnlyList<RegistryConfiguration> configured, string[]? mirrors = null) => new()
        {
            Credential = credential is null || credential == PSCredential.Empty
                ? null
                : new RegistryCredential(credential.UserName, credential.GetNetworkCredential().Password),
            AllowInsecure = allowInsecure == true,
            CertificateAuthority = certificateAuthority,
            Mirrors = mirrors ?? [],
            // Who says -AllowInsecure:$false means it.
            Registries = allowInsecure == false ? [.. configured.Select(registry => registry with { Insecure = null })] : configured,
        };
}
