using System.Runtime.ExceptionServices;

namespace FlowDsl.Sampling;

/// <summary>Loops over the processors whose failures are those of their bodies.</summary>
internal static class ParallelLoop
{
    /// <summary>Runs a body for each index, and throws the first exception of a body as it was thrown: callers handle it as that of a plain loop.</summary>
    /// <param name="count">How many indices there are, from 0.</param>
    /// <param name="maxThreads">The most threads; -1 for one per processor.</param>
    /// <param name="body">The body.</param>
    /// <param name="cancellationToken">Stops between indices.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static void For(int count, int maxThreads, Action<int> body, CancellationToken cancellationToken)
    {
        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = maxThreads, CancellationToken = cancellationToken }, body);
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.Flatten().InnerExceptions[0]);
        }
    }
}
