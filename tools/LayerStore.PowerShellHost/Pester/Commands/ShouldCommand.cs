using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>Should: one assertion on what comes down the pipeline, each operator a parameter set as in Pester.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "The engine creates commands by their type.")]
internal sealed class ShouldCommand : TestCommand
{
    private readonly List<object?> _input = [];

    [Parameter(ValueFromPipeline = true)]
    public object? ActualValue { get; set; }

    [Parameter(ParameterSetName = nameof(Be), Mandatory = true)]
    [Alias("EQ")]
    public SwitchParameter Be { get; set; }

    [Parameter(ParameterSetName = nameof(BeExactly), Mandatory = true)]
    [Alias("CEQ")]
    public SwitchParameter BeExactly { get; set; }

    [Parameter(ParameterSetName = nameof(BeTrue), Mandatory = true)]
    public SwitchParameter BeTrue { get; set; }

    [Parameter(ParameterSetName = nameof(BeFalse), Mandatory = true)]
    public SwitchParameter BeFalse { get; set; }

    [Parameter(ParameterSetName = nameof(BeNullOrEmpty), Mandatory = true)]
    public SwitchParameter BeNullOrEmpty { get; set; }

    [Parameter(ParameterSetName = nameof(HaveCount), Mandatory = true)]
    public SwitchParameter HaveCount { get; set; }

    [Parameter(ParameterSetName = nameof(Match), Mandatory = true)]
    public SwitchParameter Match { get; set; }

    [Parameter(ParameterSetName = nameof(MatchExactly), Mandatory = true)]
    [Alias("CMATCH")]
    public SwitchParameter MatchExactly { get; set; }

    [Parameter(ParameterSetName = nameof(BeLike), Mandatory = true)]
    public SwitchParameter BeLike { get; set; }

    [Parameter(ParameterSetName = nameof(BeLikeExactly), Mandatory = true)]
    public SwitchParameter BeLikeExactly { get; set; }

    [Parameter(ParameterSetName = nameof(BeGreaterThan), Mandatory = true)]
    [Alias("GT")]
    public SwitchParameter BeGreaterThan { get; set; }

    [Parameter(ParameterSetName = nameof(BeGreaterOrEqual), Mandatory = true)]
    [Alias("GE")]
    public SwitchParameter BeGreaterOrEqual { get; set; }

    [Parameter(ParameterSetName = nameof(BeLessThan), Mandatory = true)]
    [Alias("LT")]
    public SwitchParameter BeLessThan { get; set; }

    [Parameter(ParameterSetName = nameof(BeLessOrEqual), Mandatory = true)]
    [Alias("LE")]
    public SwitchParameter BeLessOrEqual { get; set; }

    [Parameter(ParameterSetName = nameof(BeOfType), Mandatory = true)]
    [Alias("HaveType")]
    public SwitchParameter BeOfType { get; set; }

    [Parameter(ParameterSetName = nameof(Contain), Mandatory = true)]
    public SwitchParameter Contain { get; set; }

    [Parameter(ParameterSetName = nameof(BeIn), Mandatory = true)]
    public SwitchParameter BeIn { get; set; }

    [Parameter(ParameterSetName = nameof(Throw), Mandatory = true)]
    public SwitchParameter Throw { get; set; }

    [Parameter(ParameterSetName = nameof(Be), Position = 0)]
    [Parameter(ParameterSetName = nameof(BeExactly), Position = 0)]
    [Parameter(ParameterSetName = nameof(HaveCount), Position = 0)]
    [Parameter(ParameterSetName = nameof(BeLike), Position = 0)]
    [Parameter(ParameterSetName = nameof(BeLikeExactly), Position = 0)]
    [Parameter(ParameterSetName = nameof(BeGreaterThan), Position = 0)]
    [Parameter(ParameterSetName = nameof(BeGreaterOrEqual), Position = 0)]
    [Parameter(ParameterSetName = nameof(BeLessThan), Position = 0)]
    [Parameter(ParameterSetName = nameof(BeLessOrEqual), Position = 0)]
    [Parameter(ParameterSetName = nameof(Contain), Position = 0)]
    [Parameter(ParameterSetName = nameof(BeIn), Position = 0)]
    public object? ExpectedValue { get; set; }

    [Parameter(ParameterSetName = nameof(Match), Position = 0)]
    [Parameter(ParameterSetName = nameof(MatchExactly), Position = 0)]
    public string RegularExpression { get; set; } = string.Empty;

    [Parameter(ParameterSetName = nameof(BeOfType), Position = 0)]
    public object? ExpectedType { get; set; }

    [Parameter(ParameterSetName = nameof(Throw), Position = 0)]
    public string? ExpectedMessage { get; set; }

    [Parameter(ParameterSetName = nameof(Throw), Position = 1)]
    public string? ErrorId { get; set; }

    [Parameter(ParameterSetName = nameof(Throw), Position = 2)]
    public Type? ExceptionType { get; set; }

    [Parameter(ParameterSetName = nameof(Throw))]
    public SwitchParameter PassThru { get; set; }

    [Parameter]
    public SwitchParameter Not { get; set; }

    [Parameter]
    public string? Because { get; set; }

    protected override void BeginProcessing()
    {
        if (MyInvocation.BoundParameters.TryGetValue("ErrorAction", out var action) && action is not ActionPreference.Stop)
        {
            Refuse("Should -ErrorAction is not supported by the compatible runner: a failed assertion ends its test.");
        }
    }

    protected override void ProcessRecord() => _input.Add(ActualValue);

    protected override void EndProcessing()
    {
        try
        {
            Assert();
        }
        catch (Exception e) when (e is ArgumentException or PSInvalidCastException or InvalidOperationException)
        {
            ThrowTerminatingError(new ErrorRecord(e, "ShouldArgument", ErrorCategory.InvalidArgument, targetObject: null));
        }
    }

    private void Assert()
    {
        switch (ParameterSetName)
        {
            // These look at all that came as one collection, the others at each value by itself.
            case nameof(Be):
                Require(Equality.Check(_input, ExpectedValue, ignoreCase: true));
                break;
            case nameof(BeExactly):
                Require(Equality.Check(_input, ExpectedValue, ignoreCase: false));
                break;
            case nameof(BeNullOrEmpty):
                Require(Presence.BeNullOrEmpty(_input));
                break;
            case nameof(HaveCount):
                Require(Membership.HaveCount(_input, LanguagePrimitives.ConvertTo<int>(ExpectedValue)));
                break;
            case nameof(Contain):
                Require(Membership.Contain(_input, ExpectedValue));
                break;
            case nameof(Throw):
                ForEach(AssertThrow);
                break;
            default:
                ForEach(actual => Require(CheckOne(actual)));
                break;
        }
    }

    private Assertion CheckOne(object? actual) => ParameterSetName switch
    {
        nameof(BeTrue) => Presence.BeTrue(actual),
        nameof(BeFalse) => Presence.BeFalse(actual),
        nameof(Match) => Pattern.Match(actual, RegularExpression, ignoreCase: true),
        nameof(MatchExactly) => Pattern.Match(actual, RegularExpression, ignoreCase: false),
        nameof(BeLike) => Pattern.Like(actual, LanguagePrimitives.ConvertTo<string>(ExpectedValue), ignoreCase: true),
        nameof(BeLikeExactly) => Pattern.Like(actual, LanguagePrimitives.ConvertTo<string>(ExpectedValue), ignoreCase: false),
        nameof(BeGreaterThan) => Order.GreaterThan(actual, ExpectedValue),
        nameof(BeGreaterOrEqual) => Order.GreaterOrEqual(actual, ExpectedValue),
        nameof(BeLessThan) => Order.LessThan(actual, ExpectedValue),
        nameof(BeLessOrEqual) => Order.LessOrEqual(actual, ExpectedValue),
        nameof(BeOfType) => TypeIdentity.Check(actual, ExpectedType),
        nameof(BeIn) => Membership.BeIn(actual, ExpectedValue),
        _ => throw new InvalidOperationException("Should needs an operator, such as -Be."),
    };

    private void ForEach(Action<object?> assert)
    {
        // An empty pipeline counts as nothing, not as "no assertion".
        foreach (var actual in _input.DefaultIfEmpty(null))
        {
            assert(actual);
        }
    }

    private void AssertThrow(object? actual)
    {
        var throwing = new Throwing(this) { ExpectedMessage = ExpectedMessage, ErrorId = ErrorId, ExceptionType = ExceptionType };
        Require(throwing.Check(actual, Not));
        if (PassThru && !Not)
        {
            WriteObject(throwing.Thrown);
        }
    }

    private void Require(Assertion assertion)
    {
        if (assertion.Failure(Not, Because) is { } failure)
        {
            ThrowTerminatingError(new ErrorRecord(new RuntimeException(failure), TestFailure.AssertionId, ErrorCategory.InvalidResult, targetObject: null));
        }
    }
}
