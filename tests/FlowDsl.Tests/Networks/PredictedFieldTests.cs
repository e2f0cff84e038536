using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Processes;

namespace FlowDsl.Tests;

/// <summary>Fields from what networks predict, against the closed forms of one Gaussian on the line.</summary>
public class PredictedFieldTests
{
    private const double Mean = 0.7, Variance = 0.3, DataDeviation = 0.6;

    public static TheoryData<Prediction> Predictions => new(Enum.GetValues<Prediction>());

    [Theory]
    [MemberData(nameof(Predictions))]
    public void EveryPredictionGivesTheSlopeOfEveryChart(Prediction prediction)
    {
        foreach (Process process in Models.Processes())
        {
            foreach (ChartFrame frame in (ChartFrame[])[ChartFrame.State, ChartFrame.Edm, ChartFrame.Canonical(0), ChartFrame.Canonical(0.2)])
            {
                foreach (double t in (double[])[0.03, 0.2, 0.5, 0.9])
                {
                    foreach (double x in (double[])[-2.5, 0.1, 1.3])
                        Compare.Close([Slope(process, frame, t, x)], [Value(process, frame, prediction, t, x)], 2e-6, 1, $"{process}, {frame}, {t}, {x}");
                }
            }
        }
    }

    /// <summary>Where the process has neither noise nor signal, the slopes are the limits of those beside.</summary>
    [Theory]
    [MemberData(nameof(Predictions))]
    public void EndsOfTheInterpolantAreLimits(Prediction prediction)
    {
        var process = new LinearInterpolantProcess(0);
        foreach (double x in (double[])[-2.5, 0.1, 1.3])
        {
            foreach (ChartFrame frame in (ChartFrame[])[ChartFrame.State, ChartFrame.Edm, ChartFrame.Canonical(0), ChartFrame.Canonical(0.2)])
                Compare.Close([Closed(process, frame, 0, x)], [Value(process, frame, prediction, 0, x)], 5e-4, 1, $"data, {frame}, {x}");
            foreach (ChartFrame frame in (ChartFrame[])[ChartFrame.State, ChartFrame.Canonical(0), ChartFrame.Canonical(0.2)])
                Compare.Close([Closed(process, frame, 1, x)], [Value(process, frame, prediction, 1, x)], 1e-4, 1, $"noise, {frame}, {x}");
        }
    }

    /// <summary>Outputs rounded as networks round them: what a division by the noise or the signal makes of that stays small to the ends.</summary>
    [Theory]
    [MemberData(nameof(Predictions))]
    public void RoundingOfOutputsStaysSmallTowardsTheEnds(Prediction prediction)
    {
        var process = new LinearInterpolantProcess(0);
        foreach (double distance in (double[])[1e-8, 1e-6, 1e-4, 1e-3, 1e-2])
        {
            foreach (ChartFrame frame in (ChartFrame[])[ChartFrame.State, ChartFrame.Canonical(0), ChartFrame.Canonical(0.2)])
            {
                foreach (double t in (double[])[distance, 1 - distance])
                {
                    foreach (double x in (double[])[-2.5, 0.1, 1.3])
                        Compare.Close(
                            [Closed(process, frame, t, x)], [Value(process, frame, prediction, t, x, isRounded: true)],
                            2e-3, 1, $"{frame}, {t}, {x}");
                }
            }
        }
    }

    [Fact]
    public void TimesAreTheNetworksOwn()
    {
        var interpolant = new LinearInterpolantProcess(0);
        Assert.Equal(250, Time(NetworkTime.Process, 1000, 0.25));
        Assert.Equal(0.2504, Time(NetworkTime.Process, 1, 0.2504));
        Assert.Equal(250, Time(NetworkTime.Timestep, 1000, 0.2504));
        Assert.Equal(2 * Math.Log(3), Time(NetworkTime.LogSnr, 1, 0.25), 1e-14);
        // EDM's c_noise, log(σ)/4.
        Assert.Equal(Math.Log(1.0 / 3) / 4, Time(NetworkTime.LogSnr, -1.0 / 8, 0.25), 1e-14);
        Assert.Equal(2.0 / 3, Time(NetworkTime.Sigma, 2, 0.25), 1e-14);
        // Infinite times are those of a ratio of 2^30.
        foreach (double sign in (double[])[-1, 1])
            Assert.Equal(sign * 60 * Math.Log(2), Time(NetworkTime.LogSnr, 1, sign > 0 ? 0 : 1), 1e-12);
        Assert.Equal(1L << 30, Time(NetworkTime.Sigma, 1, 1));

        var stationary = new OrnsteinUhlenbeckProcess(0.7, 3, 1e-3, 1.5);
        double ratio = 1.5 * Math.Sqrt(Math.Exp(1.4 * 0.6) - 1);
        Assert.Equal(ratio, new NetworkConvention { Time = NetworkTime.Sigma }.TimeAt(stationary, 0.6), 1e-13);

        double Time(NetworkTime time, double scale, double t) => new NetworkConvention { Time = time, TimeScale = scale }.TimeAt(interpolant, t);
    }

    [Fact]
    public void ConventionsRefuseWhatMeansNothing()
    {
        foreach (double scale in (double[])[0, double.NaN, double.PositiveInfinity])
            Assert.Contains(
                "TimeScale is",
                Assert.Throws<ArgumentOutOfRangeException>(() => new NetworkConvention { TimeScale = scale }).Message,
                StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new NetworkConvention { Prediction = (Prediction)9 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new NetworkConvention { Time = (NetworkTime)9 });
        Assert.Equal(
            "Noise at 1000·Timestep",
            new NetworkConvention { Prediction = Prediction.Noise, Time = NetworkTime.Timestep, TimeScale = 1000 }.ToString());
        Assert.Equal("Velocity at Process", new NetworkConvention().ToString());
    }

    /// <summary>F by the network's rule, of the exact output.</summary>
    private static double Value(Process process, ChartFrame frame, Prediction prediction, double t, double x, bool isRounded = false)
    {
        NetworkScale scale = prediction == Prediction.Preconditioned ? NetworkScale.Preconditioned(DataDeviation) : NetworkScale.Process;
        var field = PredictedField.Of(frame.Slope(process.At(t)), prediction, process, Variance, scale, DataDeviation);
        double output = Output(prediction, process, field.Point.Time, field.Input * x);
        if (isRounded) output = (float)output;
        return field.State * x + field.Output * output + field.Mean * Mean;
    }

    /// <summary>What an exact network says, by its definition.</summary>
    private static double Output(Prediction prediction, Process process, double t, double x)
    {
        ProcessPoint point = process.At(t);
        double a = point.A, s = Math.Sqrt(point.S2);
        if (prediction == Prediction.Preconditioned)
        {
            // In the scale in which a²σ_d² + s² = 1, F = (D - σ_d² a y)/(σ_d s), and D is a line in y: here without the difference of the two.
            double length = Math.Sqrt(a * a * DataDeviation * DataDeviation + s * s);
            (a, s) = (a / length, s / length);
            double own = a * a * Variance + s * s;
            return (Mean * s * s + a * (Variance - DataDeviation * DataDeviation * own) * x) / (own * DataDeviation * s);
        }
        double spread = a * a * Variance + s * s, score = -(x - a * Mean) / spread;
        double data = Mean + a * Variance * (x - a * Mean) / spread, noise = -s * score;
        return prediction switch
        {
            Prediction.Velocity => Velocity(process, t, x),
            Prediction.Noise => noise,
            Prediction.Data => data,
            Prediction.Score => score,
            _ => a * noise - s * data,
        };
    }

    /// <summary>The exact flow moves x with the mean and in proportion to the deviation: v = m' + (x - m) sd'/sd.</summary>
    private static double Velocity(Process process, double t, double x)
    {
        ProcessPoint point = process.At(t);
        double spread = point.A * point.A * Variance + point.S2;
        return point.DA * Mean + (x - point.A * Mean) * (point.A * point.DA * Variance + point.SDS) / spread;
    }

    /// <summary>dz/dθ along the exact flow, by central differences.</summary>
    private static double Slope(Process process, ChartFrame frame, double t, double x)
    {
        const double Step = 1e-6;
        (double z, double clock) before = Chart(t - Step), after = Chart(t + Step);
        return (after.z - before.z) / (after.clock - before.clock);

        (double, double) Chart(double time)
        {
            ProcessPoint start = process.At(t), point = process.At(time);
            double sd = Math.Sqrt(start.Spread(Variance)), y = point.A * Mean + (x - start.A * Mean) * Math.Sqrt(point.Spread(Variance)) / sd;
            return (y / frame.Scale(point), frame.Clock(point));
        }
    }

    /// <summary>The same in closed form.</summary>
    private static double Closed(Process process, ChartFrame frame, double t, double x)
    {
        ProcessPoint point = process.At(t);
        double a = point.A, spread = point.Spread(Variance);
        return frame.Chart switch
        {
            Chart.State => Velocity(process, t, x),
            Chart.Edm => point.S * (x - a * Mean) / spread,
            _ => Mean + a * (Variance - frame.Variance) * (x - a * Mean) / spread,
        };
    }
}
