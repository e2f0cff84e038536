using System.Runtime.ExceptionServices;

namespace FlowDsl.Runtime.Blocks;

/// <summary>Parallel loops that throw what their bodies throw.</summary>
internal static class ParallelLoop
{
    /// <summary>Runs a body for each index. The first exception of a body is thrown as it is, so callers can handle it as in a plain loop.</summary>
    /// <param name="count">The number of indices, which start at 0.</param>
    /// <param name="maxThreads">The maximum number of threads; -1 for one per processor.</param>
    /// <param name="body">The body.</param>
    /// <param name="cancellationToken">Stops between indices; a body may stop within one, which is not a failure of it.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static void For(int count, int maxThreads, Action<int> body, CancellationToken cancellationToken)
    {
        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = maxThreads, CancellationToken = cancellationToken }, body);
        }
        catch (AggregateException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ExceptionDispatchInfo.Throw(exception.Flatten().InnerExceptions[0]);
        }
    }
}
