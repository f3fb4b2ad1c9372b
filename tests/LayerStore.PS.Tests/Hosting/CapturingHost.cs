using System.Globalization;
using System.Management.Automation.Host;

namespace LayerStore.PS.Tests.Hosting;

/// <summary>A host of fixed width that keeps what it is given to show, perhaps with its colours.</summary>
internal sealed class CapturingHost(int width, CultureInfo culture, bool colours) : PSHost
{
    internal CapturingUserInterface Screen { get; } = new(width, colours);

    public override CultureInfo CurrentCulture { get; } = culture;

    public override CultureInfo CurrentUICulture { get; } = CultureInfo.GetCultureInfo("en-US");

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "LayerStoreTests";

    public override PSHostUserInterface UI => Screen;

    public override Version Version { get; } = new(1, 0);

    public override void EnterNestedPrompt() => throw new NotSupportedException();

    public override void ExitNestedPrompt() => throw new NotSupportedException();

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }

    public override void SetShouldExit(int exitCode)
    {
    }
}
