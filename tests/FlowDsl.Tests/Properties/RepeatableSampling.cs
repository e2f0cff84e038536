using CsCheck;

namespace FlowDsl.Tests;

/// <summary>CsCheck's generators from a fixed seed: the same cases in every run.</summary>
internal static class RepeatableSampling
{
    public static void Check<T>(this Gen<T> generator, Action<T> assert, int count = 200)
    {
        var random = new PCG(1, 20240601);
        for (int i = 0; i < count; i++)
        {
            T value = generator.Generate(random, null, out _);
            try
            {
                assert(value);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Case {i} of {count}: {e.Message}", e);
            }
        }
    }
}
