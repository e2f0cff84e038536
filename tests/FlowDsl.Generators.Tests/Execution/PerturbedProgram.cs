using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using Combination = FlowDsl.Mathematics.Combination;

namespace FlowDsl.Generators.Tests;

/// <summary>A solver's program in double precision, every term of which may carry an error of its own.</summary>
internal static class PerturbedProgram
{
    /// <summary>Runs a program on one sample.</summary>
    /// <param name="model">The model.</param>
    /// <param name="program">The program.</param>
    /// <param name="start">x_T.</param>
    /// <param name="error">The relative error of every term, of random sign; 0 for none.</param>
    /// <param name="random">Chooses the signs.</param>
    /// <param name="distance">Receives the greatest distance of an evaluated point to its nearest component, in standard deviations.</param>
    public static double[] Run(GaussianMixtureModel model, FlowProgram program, double[] start, double error, Random random, out double distance)
    {
        int d = start.Length;
        var components = new TableComponents(model.Mixture);
        double[] x = [.. start];
        distance = 0;
        // Newest first; those of earlier steps behind those of this one.
        List<double[]> slopes = [];
        for (int i = 0; i < program.Steps.Length; i++)
        {
            FlowStep step = program.Steps[i];
            List<double[]> stages = [];
            foreach (FlowStage stage in step.Stages)
            {
                double[] input = Combine(stage.Input, stages), slope = new double[d];
                distance = Math.Max(distance, Distance(model, stage.Field.Point, input, out double size));
                // A point's rounding is of the size of what it is compared with, too: the centres of the components.
                for (int j = 0; j < d; j++) input[j] += size * error * Sign();
                PointMath.Field(components, stage.Field, input, slope);
                for (int j = 0; j < d; j++) slope[j] *= 1 + error * Sign();
                stages.Add(slope);
            }
            if (program.HistoryLength > 0)
            {
                slopes.Insert(0, stages[0]);
                stages = slopes;
            }
            x = Combine(step.Results[Math.Min(i, step.Results.Length - 1)], stages);
        }
        return x;

        double[] Combine(Combination combination, List<double[]> terms)
        {
            double[] sum = new double[d];
            for (int j = 0; j < d; j++)
            {
                sum[j] = combination.State * x[j] * (1 + error * Sign());
                for (int l = 0; l < combination.Slopes.Length; l++) sum[j] += combination.Slopes[l] * terms[l][j] * (1 + error * Sign());
            }
            return sum;
        }

        double Sign() => error == 0 ? 0 : random.Next(2) == 0 ? 1 : -1;
    }

    private static double Distance(GaussianMixtureModel model, ProcessPoint point, double[] x, out double size)
    {
        double distance = double.PositiveInfinity;
        size = x.Max(Math.Abs);
        for (int k = 0; k < model.ComponentCount; k++)
        {
            double sum = 0;
            for (int j = 0; j < x.Length; j++)
            {
                double centre = point.A * model.Mixture.Means[k][j];
                sum += (x[j] - centre) * (x[j] - centre);
                size = Math.Max(size, Math.Abs(centre));
            }
            distance = Math.Min(distance, Math.Sqrt(sum / point.Spread(model.Mixture.Covariances[k].MaxVariance)));
        }
        return distance;
    }
}
