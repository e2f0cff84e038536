namespace FlowDsl.Mathematics.Fields;

/// <summary>A field as a function of x and of a network's output N at Input·x: F = State·x + Output·N + Mean·E[x_0].</summary>
/// <remarks>
/// Every field is F = m D + c ∇ log p, D = E[x_0 | x] (see <see cref="MixtureField"/>), and an output gives both:
/// <code>
/// velocity      D = (s²N - s s'x)/Δ      ∇ log p = (aN - a'x)/Δ            Δ = a's² - a s s'
/// noise         D = (x - sN)/a           ∇ log p = -N/s
/// data          D = N                    ∇ log p = (aN - x)/s²
/// score         D = (x + s²N)/a          ∇ log p = N
/// v-prediction  D = (ax - sN)/(a² + s²)  ∇ log p = -(sx + aN)/(s(a² + s²))
/// EDM's F       D = σ_d²ax + σ_d sN      ∇ log p = -x + (σ_d a/s)N          a²σ_d² + s² = 1
/// </code>
/// A network that was trained on another process takes y = c x, where c is the ratio of the two processes' signals at the same s/a: a and s above are then
/// its own, D is the same, and the score of x is c times that of y.
/// <para>
/// At its ends a process loses one of the two. Without noise D is x, and all outputs but the score itself become functions of x alone, which say nothing
/// of the score: both are then taken at a little noise, at a' and s' and the point a'x/a, where D differs by the square of s'/a' and the score is
/// a'/a times that there. Without signal D is the mean, and noise and score say nothing of it.
/// </para>
/// </remarks>
/// <param name="Point">The process where the network is evaluated: at the field's own time, except near the data end.</param>
/// <param name="Input">The factor of x in the network's input; 1 except near the data end, and for networks that were trained on another process.</param>
/// <param name="State">The factor of x.</param>
/// <param name="Output">The factor of the network's output.</param>
/// <param name="Mean">The factor of the mean of the data law.</param>
internal readonly record struct PredictedField(ProcessPoint Point, double Input, double State, double Output, double Mean)
{
    // The noise from which a score is known best from single precision, relative to the data's standard deviation: with less, the rounding of the
    // outputs, 2^-24 over the noise, or over its square where the output is D, is greater than the error of the square of the noise; and likewise the
    // signal from which D is.
    private const double LeastNoise = 1.0 / 256, LeastNoiseOfData = 1.0 / 64, LeastSignal = 1.0 / 4096;

    // Where no score is asked for, coefficients have limits; this near, they are exact to nine digits.
    private const double NextToNothing = 1.0 / (1 << 30);

    /// <summary>Expresses a field by a network's output.</summary>
    /// <param name="field">The field.</param>
    /// <param name="prediction">What the output is.</param>
    /// <param name="process">The process.</param>
    /// <param name="variance">The mean variance of the data law's components: the noise is small if it is small compared with this.</param>
    /// <param name="scale">The scale in which the network sees states.</param>
    /// <param name="dataDeviation">σ_d of EDM's F.</param>
    public static PredictedField Of(
        in MixtureField field, Prediction prediction, Process process, double variance, NetworkScale scale = default, double dataDeviation = 0)
    {
        ProcessPoint point = field.Point;
        double mean = field.MeanFactor, score = field.ScoreFactor;
        if (scale.IsProcess && IsThe(prediction, field)) return new PredictedField(point, 1, 0, 1, 0);

        double deviation = variance > 0 ? Math.Sqrt(variance) : 1;
        bool losesScore = score != 0 && variance > 0 && prediction != Prediction.Score;
        double least = deviation * (!losesScore ? NextToNothing : prediction == Prediction.Data ? LeastNoiseOfData : LeastNoise);
        if (point.NoiseToSignal < least) point = process.At(process.TimeAt(least));

        ProcessPoint own = scale.At(point);
        double input = scale.Factor(own, point);
        if (point.Time != field.Point.Time) input *= point.A / field.Point.A;
        score *= input;
        (Share data, Share slope) = Shares(prediction, own, dataDeviation);
        return new PredictedField(
            point, input, input * (mean * data.State + score * slope.State), mean * data.Output + score * slope.Output, mean * data.Mean);
    }

    /// <summary>Whether the output is the field itself. At the ends of a process its limit is then no matter of ours.</summary>
    private static bool IsThe(Prediction prediction, in MixtureField field) => prediction switch
    {
        Prediction.Velocity => field.MeanFactor == field.Point.DA && field.ScoreFactor == -field.Point.SDS,
        Prediction.Noise => field.MeanFactor == 0 && field.ScoreFactor == -field.Point.S,
        Prediction.Data => field.MeanFactor == 1 && field.ScoreFactor == 0,
        Prediction.Score => field.MeanFactor == 0 && field.ScoreFactor == 1,
        _ => false,
    };

    /// <summary>D and the score as functions of x and of the output.</summary>
    private static (Share Data, Share Score) Shares(Prediction prediction, in ProcessPoint point, double dataDeviation)
    {
        double a = point.A, s = point.S, s2 = point.S2;
        var mean = new Share(0, 0, 1);
        bool isNoise = a < LeastSignal * s;
        switch (prediction)
        {
            case Prediction.Velocity:
                double contrast = point.VelocityContrast;
                // No signal is left at all, and none of its rate.
                if (contrast == 0) return (mean, new Share(-1 / s2, 0));
                return (new Share(-point.SDS / contrast, s2 / contrast), new Share(-point.DA / contrast, a / contrast));
            case Prediction.Noise:
                return (isNoise ? mean : new Share(1 / a, -s / a), new Share(0, -1 / s));
            case Prediction.Data:
                return (new Share(0, 1), new Share(-1 / s2, a / s2));
            case Prediction.Score:
                return (isNoise ? mean : new Share(1 / a, s2 / a), new Share(0, 1));
            case Prediction.VPrediction:
                double length = a * a + s2;
                return (new Share(a / length, -s / length), new Share(-1 / length, -a / (s * length)));
            case Prediction.Preconditioned:
                return (new Share(dataDeviation * dataDeviation * a, dataDeviation * s), new Share(-1, dataDeviation * a / s));
            default:
                throw new ArgumentOutOfRangeException(nameof(prediction), prediction, "No such prediction.");
        }
    }

    /// <summary>State·x + Output·N + Mean·E[x_0].</summary>
    private readonly record struct Share(double State, double Output, double Mean = 0);
}
