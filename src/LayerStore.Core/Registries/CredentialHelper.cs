using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using LayerStore.Images.Formats;

namespace LayerStore.Registries;

/// <summary>Asks a program <c>docker-credential-NAME</c> for a secret: the registry on its input, JSON on its output (docker-credential-helpers).</summary>
internal static class CredentialHelper
{
    private const int MaxOutputCharacters = 1 << 20;

    // The one sentence by which helpers say that they have nothing.
    private const string NotFound = "credentials not found";

    /// <summary>The helper's answer; null where it has nothing for the registry.</summary>
    /// <exception cref="StoreException"><see cref="ErrorIds.RegistryCredentialsInvalid"/>: it is missing, fails, takes too long or answers something else.</exception>
    public static RegistryCredential? Get(string name, string registry, TimeSpan timeout)
    {
        var program = "docker-credential-" + name;
        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            throw RegistryFaults.CredentialsInvalid(program, "that is no name of a credential helper");
        var (code, output) = Run(program, registry, timeout);
        if (code != 0)
            return output.Contains(NotFound, StringComparison.OrdinalIgnoreCase)
                ? null
                : throw RegistryFaults.CredentialsInvalid(program, $"it failed with the code {code}");
        var json = JsonDocuments.Parse(Encoding.UTF8.GetBytes(output), program, RegistryFaults.CredentialsInvalid);
        var (user, secret) = (json.RequiredText("Username"), json.RequiredText("Secret"));
        return user.Length == 0 && secret.Length == 0 ? null : new RegistryCredential(user, secret);
    }

    private static (int Code, string Output) Run(string program, string registry, TimeSpan timeout)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("get");
        using var process = Start(start);
        using var limit = new CancellationTokenSource(timeout);
        try
        {
            var output = ReadAsync(process.StandardOutput, limit.Token);
            var error = ReadAsync(process.StandardError, limit.Token);
            try
            {
                process.StandardInput.Write(registry);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It did not wait for the question; what it says counts.
            }
            Task.WhenAll(output, error, process.WaitForExitAsync(limit.Token)).GetAwaiter().GetResult();
            return (process.ExitCode, output.Result);
        }
        catch (OperationCanceledException error)
        {
            throw RegistryFaults.CredentialsInvalid(program, $"it did not answer within {timeout.TotalSeconds:0.#} seconds", error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }

        Process Start(ProcessStartInfo start)
        {
            try
            {
                return Process.Start(start)!;
            }
            catch (Win32Exception error)
            {
                throw RegistryFaults.CredentialsInvalid(program, $"it cannot be started ({error.Message})", error);
            }
        }
    }

    private static async Task<string> ReadAsync(StreamReader reader, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        var buffer = new char[4096];
        for (int read; (read = await reader.ReadAsync(buffer, cancellation)) > 0;)
            if (text.Length < MaxOutputCharacters)
                text.Append(buffer, 0, read);
        return text.ToString();
    }
}
