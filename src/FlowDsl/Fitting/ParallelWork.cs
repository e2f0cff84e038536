namespace FlowDsl.Fitting;

/// <summary>Loops that are worth threads or not.</summary>
internal static class ParallelWork
{
    /// <summary>Runs a body for each number below a count, on as many threads as are allowed where there is enough to do.</summary>
    /// <param name="count">How many.</param>
    /// <param name="work">The operations of all of them together, roughly.</param>
    /// <param name="maxThreads">The most threads; -1 for one a processor.</param>
    /// <param name="body">Called with each number; the calls must not depend on each other.</param>
    public static void ForEach(int count, double work, int maxThreads, Action<int> body)
    {
        // Below about a tenth of a millisecond the threads cost more than they save.
        if (count > 1 && maxThreads != 1 && work > 2e5)
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = maxThreads }, body);
        else
            for (int i = 0; i < count; i++) body(i);
    }
}
