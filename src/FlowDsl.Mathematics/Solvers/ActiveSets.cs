using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Solvers;

/// <summary>
/// Late in the flow a sample feels few of many components. In the plane and in space a sampler can look up which, and leave the others out: a weight that
/// is so far below the largest that all such weights together are below the rounding of their sum.
/// </summary>
/// <remarks>Costs are in instructions per vector of samples, counted from the machine code, as those of loops over tables are.</remarks>
internal static class ActiveSets
{
    // Of a component in a loop over all, and over those looked up, where centres are not known to be close and each weight is compared.
    private const double OfComponent = 19, OfActive = 34;

    // Looking up, once an evaluation; sorting the samples and putting them back, once a call.
    private const double LookUp = 80, Sorting = 450;

    // A vector of samples feels more components than one sample does.
    private const double PerVector = 1.7;

    // The number of components at whose centres others are counted.
    private const int Probes = 32;

    /// <summary>The bits below the largest weight from which on a weight is left out.</summary>
    /// <param name="components">K.</param>
    /// <param name="precision">The precision of the arithmetic.</param>
    public static double Bits(int components, Precision precision)
        => (precision == Precision.Single ? 24 : 53) + PortableMath.Log(components) / PortableMath.Log(2);

    /// <summary>Whether components can be looked up by place.</summary>
    /// <param name="mixture">The mixture.</param>
    public static bool Apply(Mixture mixture) => mixture.Dimension is 2 or 3 && mixture.Covariances.All(covariance => covariance.IsIsotropic);

    /// <summary>Whether a sampler that leaves components out needs clearly fewer instructions than one that sums all of them.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="program">The program.</param>
    /// <param name="precision">The precision of the arithmetic.</param>
    /// <param name="meanCounts">The mean number of components that a sample feels, evaluation by evaluation; none where components cannot be looked up.</param>
    public static bool Pays(Mixture mixture, FlowProgram program, Precision precision, out double[] meanCounts)
    {
        meanCounts = [];
        if (!Apply(mixture)) return false;
        double bits = Bits(mixture.Count, precision);
        meanCounts = [.. program.Steps.SelectMany(step => step.Stages).Select(stage => MeanCount(new EvaluationCoefficients(mixture, stage.Field), bits))];
        return Operations(mixture, meanCounts) < 0.8 * program.FunctionEvaluations * All(mixture);
    }

    /// <summary>The instructions of a program.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="meanCounts">The mean number of components that a sample feels, evaluation by evaluation.</param>
    public static double Operations(Mixture mixture, double[] meanCounts) => Sorting + meanCounts.Sum(count => Math.Min(All(mixture), Active(count)));

    /// <summary>Whether an evaluation is cheaper by looking components up.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="meanCount">The mean number of components that a sample feels.</param>
    public static bool Help(Mixture mixture, double meanCount) => Active(meanCount) < All(mixture);

    /// <summary>The mean number of components that a sample feels, at the components' own centres.</summary>
    /// <param name="coefficients">An evaluation.</param>
    /// <param name="bits">From how many bits on a weight is left out.</param>
    public static double MeanCount(EvaluationCoefficients coefficients, double bits)
    {
        ComponentCoefficients[] components = coefficients.Components;
        int probes = Math.Min(Probes, components.Length), total = 0;
        double[] energies = new double[components.Length];
        for (int probe = 0; probe < probes; probe++)
        {
            double[] point = components[(int)((long)probe * components.Length / probes)].Centre;
            double least = double.PositiveInfinity;
            for (int k = 0; k < components.Length; k++)
            {
                energies[k] = components[k].Energy(point);
                least = Math.Min(least, energies[k]);
            }
            total += energies.Count(energy => energy - least < bits);
        }
        return (double)total / probes;
    }

    private static double All(Mixture mixture) => OfComponent * mixture.Count;

    private static double Active(double meanCount) => OfActive * PerVector * meanCount + LookUp;
}
