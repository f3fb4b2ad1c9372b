using System.Management.Automation;

namespace LayerStore.PS.Tests.Errors;

/// <summary>How an error is provoked by a cmdlet, and what it must look like.</summary>
/// <param name="Id">The id.</param>
/// <param name="Category">The category.</param>
/// <param name="Script">What a user types; <see cref="ErrorWorld"/> has the variables.</param>
/// <param name="Named">What the message must name.</param>
/// <param name="Target">What the target object must hold; null where it is <paramref name="Named"/>.</param>
/// <param name="NeedsRoot">True where an ordinary user cannot get there.</param>
internal sealed record ErrorRow(string Id, ErrorCategory Category, string Script, string Named, string? Target = null, bool NeedsRoot = false);

/// <summary>An error that no cmdlet meets on the host, or that takes too long there.</summary>
/// <param name="Id">The id.</param>
/// <param name="File">The file of the test that provokes it, below tests/.</param>
/// <param name="Test">The test's name.</param>
/// <param name="Reason">Why not here.</param>
internal sealed record ElsewhereRow(string Id, string File, string Test, string Reason);
