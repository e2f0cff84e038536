using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

/// <summary>Networks without an error.</summary>
internal static class ExactField
{
    /// <summary>The functions of a model, by their definitions.</summary>
    public static DelegateField Of(GaussianMixtureModel model, NetworkConvention convention)
    {
        Process process = model.Process;
        int d = model.Dimension;
        return new DelegateField(d, (time, states, outputs) =>
        {
            double t = ProcessTime(process, convention, time);
            ProcessPoint point = process.At(t);
            (double a, double s) = Own(convention, point);
            double sigma = point.NoiseToSignal, scale = sigma > 1 ? s / point.S : a / point.A;
            double[] x = new double[d], data = new double[d], score = new double[d], velocity = new double[d];
            for (int i = 0; i < states.Length; i += d)
            {
                for (int j = 0; j < d; j++) x[j] = states[i + j] / scale;
                model.Score(t, x, score);
                model.PosteriorMean(t, x, data);
                model.Velocity(t, x, velocity);
                for (int j = 0; j < d; j++)
                {
                    // By the score, because at the ends of a process x says nothing of one of them.
                    double noise = -point.S * score[j];
                    outputs[i + j] = (float)(convention.Prediction switch
                    {
                        Prediction.Velocity => convention.Training is null ? velocity[j] : noise - data[j],
                        Prediction.Noise => noise,
                        Prediction.Score => score[j] / scale,
                        Prediction.VPrediction => a * noise - s * data[j],
                        Prediction.Preconditioned => Preconditioned(convention.DataDeviation, sigma, data[j], noise),
                        _ => data[j],
                    });
                }
            }
        });
    }

    /// <summary>F = (D - c_skip y)/c_out for y = D + σ ε; where σ is infinite, D/σ_d is all that is left besides the noise.</summary>
    private static double Preconditioned(double deviation, double sigma, double data, double noise)
    {
        if (double.IsInfinity(sigma)) return data / deviation;
        double variance = deviation * deviation, length = sigma * sigma + variance;
        // D - c_skip (D + σ ε), without the difference.
        return (data * sigma / deviation - deviation * noise) / Math.Sqrt(length);
    }

    /// <summary>a and s of the process that the network was trained on.</summary>
    private static (double A, double S) Own(NetworkConvention convention, ProcessPoint point)
    {
        double sigma = point.NoiseToSignal;
        if (convention.Prediction == Prediction.Preconditioned)
            return double.IsInfinity(sigma) ? (0, 1) : (1 / Math.Sqrt(sigma * sigma + convention.DataDeviation * convention.DataDeviation),
                sigma / Math.Sqrt(sigma * sigma + convention.DataDeviation * convention.DataDeviation));
        if (convention.Training is null) return (point.A, point.S);
        if (convention.Training == TrainingSchedule.Flow) return double.IsInfinity(sigma) ? (0, 1) : (1 / (1 + sigma), sigma / (1 + sigma));
        return (1 / Math.Sqrt(1 + sigma * sigma), sigma / Math.Sqrt(1 + sigma * sigma));
    }

    /// <summary>The inverse of what a network is told.</summary>
    private static double ProcessTime(Process process, NetworkConvention convention, double time) => convention.Time switch
    {
        NetworkTime.LogSnr => process.TimeAt(Math.Exp(-0.5 * time / convention.TimeScale)),
        NetworkTime.Sigma => process.TimeAt(time / convention.TimeScale),
        _ when convention.Training is { } training => process.TimeAt(training.SigmaOf(time / convention.TimeScale)),
        _ => time / convention.TimeScale,
    };
}
