namespace LayerStore.Tests.Support;

/// <summary>What every error must have.</summary>
internal static class CompleteError
{
    /// <summary>Runs something that fails, and checks that the error names the thing, the cause and the next step.</summary>
    public static StoreException Of(string id, StoreErrorKind kind, string target, string named, Action action)
    {
        var error = Assert.Throws<StoreException>(action);
        Assert.Equal((id, kind), (error.ErrorId, error.Kind));
        Assert.Equal(target, error.Target);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.RecommendedAction);
        Assert.DoesNotContain(error.RecommendedAction, error.Message, StringComparison.Ordinal);
        return error;
    }
}
