using FlowDsl.Mathematics;

namespace FlowDsl.Generators.Tests;

/// <summary>Profiles of a network without an error, on two modes.</summary>
internal static class ProfileFiles
{
    private static readonly Mixture s_pair = new([0.25, 0.75], [[-1.0], [1.0]], [Covariance.Isotropic(1, 0.05), Covariance.Isotropic(1, 0.05)]);

    /// <summary>A profile on few trajectories.</summary>
    /// <param name="solver">The solver.</param>
    /// <param name="process">The process.</param>
    /// <param name="chart">The chart.</param>
    /// <param name="seed">The seed of the starts.</param>
    public static NetworkProfile Measure(Solver solver, Process process, Chart chart = Chart.Auto, ulong seed = 1)
    {
        var model = new GaussianMixtureModel(s_pair, process);
        var field = new DelegateField(1, (time, states, outputs) =>
        {
            Span<double> velocity = stackalloc double[1];
            for (int i = 0; i < states.Length; i++)
            {
                model.Velocity(time, [states[i]], velocity);
                outputs[i] = (float)velocity[0];
            }
        });
        return NetworkProfile.Measure(field, model, solver, chart: chart, options: new NetworkProfileOptions { Samples = 4, Seed = seed });
    }

    /// <summary>The text of a profile's file.</summary>
    public static string TextOf(NetworkProfile profile)
    {
        string path = Path.GetTempFileName();
        try
        {
            profile.Save(path);
            return File.ReadAllText(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
