#if USE_VERIFY
using System.Runtime.CompilerServices;

namespace VerifyTests;

/// <summary>Makes the package write files as the stand-in does.</summary>
internal static class PackageSettings
{
    [ModuleInitializer]
    public static void Initialize() => VerifierSettings.UseUtf8NoBom();
}
#endif
