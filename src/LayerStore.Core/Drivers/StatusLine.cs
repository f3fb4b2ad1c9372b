namespace LayerStore.Drivers;

/// <summary>One of the driver's lines of <c>docker info</c>, under the name that Docker gives it.</summary>
/// <param name="Name">For example <c>Supports d_type</c>.</param>
/// <param name="Value">A <see cref="bool"/>, a <see cref="long"/> or a <see cref="string"/>.</param>
public sealed record StatusLine(string Name, object Value);
