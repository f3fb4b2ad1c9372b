using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;

namespace LayerStore.PowerShellHost.Pester;

/// <summary>A command that Pester has and this runner has not: refused by its name.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "The engine creates commands by their type.")]
internal sealed class UnsupportedCommand : TestCommand
{
    /// <summary>The names that are refused.</summary>
    public static readonly string[] Names =
    [
        "Mock", "InModuleScope", "Invoke-Pester", "New-PesterConfiguration", "New-PesterContainer", "Add-ShouldOperator", "Get-ShouldOperator",
        "New-Fixture", "Assert-MockCalled", "Assert-VerifiableMock", "New-MockObject", "Set-MockParameter", "New-TestDriveItem", "Export-NUnitReport",
    ];

    [Parameter(ValueFromRemainingArguments = true)]
    public object[] Arguments { get; set; } = [];

    [Parameter(ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    protected override void BeginProcessing()
        => Refuse($"{MyInvocation.InvocationName} ({Place}) is not supported by the compatible runner; write the test without it, or run it with Pester.");
}
