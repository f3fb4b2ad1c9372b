namespace LayerStore;

/// <summary>
/// The one exception that LayerStore throws for what can go wrong from outside. It names the thing
/// (<see cref="Target"/> and the message), the cause (message) and the next step (<see cref="RecommendedAction"/>).
/// </summary>
public sealed class StoreException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="errorId">One of <see cref="ErrorIds"/>; stable across releases.</param>
    /// <param name="kind">What sort of failure it is.</param>
    /// <param name="target">What the failure is about, as the user would name it.</param>
    /// <param name="message">The thing and the cause, one or two sentences.</param>
    /// <param name="recommendedAction">The next step.</param>
    /// <param name="innerException">What caused it, where something did.</param>
    public StoreException(
        string errorId, StoreErrorKind kind, string? target, string message, string recommendedAction,
        Exception? innerException = null)
        : base(message, innerException)
    {
        ErrorId = errorId;
        Kind = kind;
        Target = target;
        RecommendedAction = recommendedAction;
    }

    /// <summary>One of <see cref="ErrorIds"/>.</summary>
    public string ErrorId { get; }

    /// <summary>What sort of failure it is.</summary>
    public StoreErrorKind Kind { get; }

    /// <summary>What the failure is about.</summary>
    public string? Target { get; }

    /// <summary>The next step.</summary>
    public string RecommendedAction { get; }
}
