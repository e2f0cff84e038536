using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.ScoreNetworks;

/// <summary>
/// The part of a score network that depends only on t: the signal, and the variances with their reciprocals and logarithms. Constants if the network
/// is valid at one time only.
/// </summary>
internal sealed class NetworkClock
{
    private NetworkClock(AffineForm signal, AffineForm squaredSignal, Dictionary<double, Spread> spreads, int level)
        => (Signal, SquaredSignal, Spreads, Level) = (signal, squaredSignal, spreads, level);

    /// <summary>a.</summary>
    public AffineForm Signal { get; }

    /// <summary>a².</summary>
    public AffineForm SquaredSignal { get; }

    /// <summary>The variances at t, indexed by those at 0.</summary>
    public IReadOnlyDictionary<double, Spread> Spreads { get; }

    /// <summary>The layer after which everything except logarithms is known.</summary>
    public int Level { get; }

    public static NetworkClock Of(NetworkBuilder builder, Mixture mixture, Process process, ScoreNetworkOptions options, ScoreNetworkPrecision precision)
    {
        double[] variances = ScoreNetworkDesign.Variances(mixture);
        if (options.Time is { } time)
        {
            ProcessPoint point = process.At(time);
            return new NetworkClock(
                AffineForm.Of(point.A),
                AffineForm.Of(point.A * point.A),
                variances.ToDictionary(variance => variance, variance => Spread.Constant(point.Spread(variance))),
                level: 0);
        }

        AffineForm t = builder.Input(mixture.Dimension);
        (AffineForm signal, AffineForm squaredSignal, Func<double, AffineForm> spread) = process.Match(Decaying, Constant, Linear, Stepwise);
        var spreads = new Dictionary<double, Spread>();
        int next = 0;
        foreach (double variance in variances)
        {
            (double low, double high) = ScoreNetworkDesign.Range(process, variance);
            if (low == high)
            {
                spreads.Add(variance, Spread.Constant(low));
                continue;
            }
            AffineForm form = spread(variance).Within(low, high) with { Low = low, High = high };
            builder.Purpose = "reciprocal";
            AffineForm inverse = NetworkFunctions.Reciprocal(builder, form, precision.InverseFactors[next]);
            AffineForm keptInverse = builder.Keep(inverse);
            builder.Purpose = "logarithm";
            AffineForm? logarithm = precision.LogarithmDoublings.Count == 0
                ? null
                : NetworkFunctions.Logarithm(builder, form, precision.LogarithmDoublings[next]);
            spreads.Add(variance, new Spread(inverse, keptInverse, logarithm));
            next++;
        }
        return new NetworkClock(signal, squaredSignal, spreads, Math.Max(builder.LevelOf(signal), spreads.Values.Max(own => builder.LevelOf(own.Inverse))));

        (AffineForm, AffineForm, Func<double, AffineForm>) Decaying(OrnsteinUhlenbeckProcess ou)
        {
            ProcessPoint first = ou.At(ou.EarlyStop), last = ou.At(ou.Horizon);
            builder.Purpose = "decay";
            AffineForm q = NetworkFunctions.Complement(builder, ou.Beta * t, precision.TimeDoublings).Within(1 - first.A, 1 - last.A);
            // 1 - a² is one more doubling.
            builder.Purpose = "signal";
            AffineForm kept = builder.Keep(q), noise = (2 * kept - builder.Square(q)).Within(1 - first.A * first.A, 1 - last.A * last.A);
            double stationary = ou.Sigma * ou.Sigma;
            return (1 - kept, 1 - noise, variance => (stationary - variance) * noise + variance);
        }

        (AffineForm, AffineForm, Func<double, AffineForm>) Constant(VarianceExplodingProcess exploding)
        {
            builder.Purpose = "noise";
            AffineForm square = builder.Square(t);
            return (AffineForm.Of(1), AffineForm.Of(1), variance => square + variance);
        }

        (AffineForm, AffineForm, Func<double, AffineForm>) Linear(LinearInterpolantProcess linear)
        {
            builder.Purpose = "signal";
            AffineForm square = builder.Square(t), kept = builder.Keep((1 - t).Within(0, 1)), squared = builder.Square((1 - t).Within(0, 1));
            return (kept, squared, variance => variance * squared + square);
        }

        static (AffineForm, AffineForm, Func<double, AffineForm>) Stepwise(VariancePreservingProcess preserving)
            => throw new InvalidOperationException("Training steps as an input were refused before.");
    }

    /// <summary>A variance at t.</summary>
    /// <param name="Inverse">Its reciprocal.</param>
    /// <param name="Kept">The same one layer later, in one unit.</param>
    /// <param name="Logarithm">Its logarithm; null if it is not needed.</param>
    public sealed record Spread(AffineForm Inverse, AffineForm Kept, AffineForm? Logarithm)
    {
        public static Spread Constant(double variance)
            => new(AffineForm.Of(1 / variance), AffineForm.Of(1 / variance), AffineForm.Of(PortableMath.Log(variance)));
    }
}
