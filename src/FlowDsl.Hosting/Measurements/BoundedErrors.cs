using System.Collections.Concurrent;
using FlowDsl.Errors.Certification;
using FlowDsl.Hosting.Registry;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Blocks;

namespace FlowDsl.Hosting.Measurements;

/// <summary>The error of each sample of a sampler, with a proven bound on it.</summary>
/// <param name="Errors">|x̂ - x| by sample, x the exact flow's end from the same start.</param>
/// <param name="Bounds">The bounds, rounding errors included; infinite where none was found.</param>
/// <param name="Doubt">By how much an error may itself be wrong: the exact flow is computed to a tolerance.</param>
internal sealed record BoundedErrors(double[] Errors, double[] Bounds, double Doubt)
{
    private const double Tolerance = 1e-12;

    // Samples at a time: many enough to share their work, few enough for progress to be seen and for cancelling to be quick.
    private const int Part = 16;

    // Of the exact flow, which is computed without a proof.
    private const double Slack = 100 * Tolerance;

    /// <summary>How many samples have a finite bound.</summary>
    public int CertifiedCount => Bounds.Count(double.IsFinite);

    /// <summary>How many errors exceed their bounds, by more than they may be wrong. None should.</summary>
    public int ViolationCount => Errors.Zip(Bounds).Count(pair => !(pair.First <= pair.Second + Doubt));

    /// <summary>Draws starts, follows them with the sampler and the exact flow, and encloses each exact path.</summary>
    /// <param name="sampler">The sampler; any, since the bound does not care how an end was reached.</param>
    /// <param name="count">n.</param>
    /// <param name="seed">The seed of the starts.</param>
    /// <param name="progress">Receives the number of finished samples.</param>
    /// <param name="cancellationToken">Stops between a few samples.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static BoundedErrors Measure(SamplerEntry sampler, int count, ulong seed, IProgress<long> progress, CancellationToken cancellationToken)
    {
        GaussianMixtureModel model = sampler.Descriptor.Model;
        int d = model.Dimension;
        float[] starts = FlowSampling.DrawPrior<float>(model, count, seed, cancellationToken: cancellationToken);
        double[] ends = sampler.Ends(starts, cancellationToken), from = Array.ConvertAll(starts, static value => (double)value), exact = [.. from];
        model.FlowMaps(model.Process.Horizon, model.Process.EarlyStop, exact, Tolerance, cancellationToken: cancellationToken);
        double[] errors = new double[count], bounds = new double[count];
        var certificates = new ConcurrentBag<FlowCertificate>();
        long finished = 0;
        ParallelLoop.For((count + Part - 1) / Part, -1, Certify, cancellationToken);
        return new BoundedErrors(errors, bounds, Slack * exact.Max(Math.Abs));

        void Certify(int part)
        {
            int first = part * Part, size = Math.Min(Part, count - first);
            // One for each thread at a time: it holds working memory.
            if (!certificates.TryTake(out FlowCertificate? certificate)) certificate = new FlowCertificate(model);
            certificate.Bounds(from.AsSpan(first * d, size * d), ends.AsSpan(first * d, size * d), bounds.AsSpan(first, size));
            certificates.Add(certificate);
            for (int i = first; i < first + size; i++) errors[i] = Vectors.Distance(ends.AsSpan(i * d, d), exact.AsSpan(i * d, d));
            progress.Report(Interlocked.Add(ref finished, size));
        }
    }
}
