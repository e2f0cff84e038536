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
            double a = point.A, s = Math.Sqrt(point.S2);
            double[] x = new double[d], output = new double[d], score = new double[d];
            for (int i = 0; i < states.Length; i += d)
            {
                for (int j = 0; j < d; j++) x[j] = states[i + j];
                model.Score(t, x, score);
                if (convention.Prediction == Prediction.Velocity) model.Velocity(t, x, output);
                else model.PosteriorMean(t, x, output);
                for (int j = 0; j < d; j++)
                {
                    outputs[i + j] = (float)(convention.Prediction switch
                    {
                        Prediction.Noise => -s * score[j],
                        Prediction.Score => score[j],
                        Prediction.VPrediction => -a * s * score[j] - s * output[j],
                        _ => output[j],
                    });
                }
            }
        });
    }

    /// <summary>The inverse of what a network is told.</summary>
    private static double ProcessTime(Process process, NetworkConvention convention, double time) => convention.Time switch
    {
        NetworkTime.LogSnr => process.TimeAt(Math.Exp(-0.5 * time / convention.TimeScale)),
        NetworkTime.Sigma => process.TimeAt(time / convention.TimeScale),
        _ => time / convention.TimeScale,
    };
}
