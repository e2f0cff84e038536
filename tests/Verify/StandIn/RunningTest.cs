using System.Reflection;
using Xunit.Sdk;

[assembly: VerifyXunit.RunningTest]

namespace VerifyXunit;

/// <summary>Knows which test runs: the framework tells it before each one.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class RunningTestAttribute : BeforeAfterTestAttribute
{
    private static readonly AsyncLocal<MethodInfo?> s_method = new();

    /// <summary>The test from which the call comes.</summary>
    public static MethodInfo Method => s_method.Value ?? throw new InvalidOperationException("Verify is called from outside a test.");

    public override void Before(MethodInfo methodUnderTest) => s_method.Value = methodUnderTest;

    public override void After(MethodInfo methodUnderTest) => s_method.Value = null;
}
