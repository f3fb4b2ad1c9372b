using System.ComponentModel;
using System.Reflection;
using LayerStore.Tests.Environments;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace LayerStore.Tests.Support;

/// <summary>A fact that needs the file system of its class; where that cannot be made it is skipped, and says why.</summary>
[XunitTestCaseDiscoverer("LayerStore.Tests.Support.FileSystemFactDiscoverer", "LayerStore.Core.Tests")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class FileSystemFactAttribute : FactAttribute;

/// <summary>Makes the test cases of <see cref="FileSystemFactAttribute"/>.</summary>
public sealed class FileSystemFactDiscoverer(IMessageSink diagnosticMessageSink) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        DriverEnvironment.IsGuest || !IsOfGuest(testMethod)
            ? [new FileSystemTestCase(diagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod)]
            : [];

    // The host's run of the tests starts a guest for these, where they are counted.
    private static bool IsOfGuest(ITestMethod test) =>
        test.TestClass.Class.ToRuntimeType().GetCustomAttribute<DriverEnvironmentAttribute>() is { InGuest: true };
}

/// <summary>A test case whose reason to be skipped stands at its class.</summary>
public sealed class FileSystemTestCase : XunitTestCase
{
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("For the deserializer.")]
    public FileSystemTestCase()
    {
    }

    public FileSystemTestCase(
        IMessageSink diagnosticMessageSink, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod testMethod)
        : base(diagnosticMessageSink, display, options, testMethod)
    {
    }

    protected override string GetSkipReason(IAttributeInfo factAttribute)
    {
        var places = TestMethod.TestClass.Class.GetCustomAttributes(typeof(OnFileSystemAttribute));
        var reason = places.Select(place => LoopFileSystem.MissingFor((FileSystemKind)place.GetConstructorArguments().Single())).FirstOrDefault(missing => missing is not null);
        return reason ?? base.GetSkipReason(factAttribute);
    }
}
