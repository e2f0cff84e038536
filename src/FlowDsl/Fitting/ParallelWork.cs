namespace FlowDsl.Fitting;

/// <summary>Loops that use threads only if there is enough work.</summary>
internal static class ParallelWork
{
    /// <summary>Runs a body for each number below a count, with threads if there is enough work.</summary>
    /// <param name="count">The count.</param>
    /// <param name="work">The approximate number of operations of all calls together.</param>
    /// <param name="maxThreads">The maximum number of threads; -1 for one per processor.</param>
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
