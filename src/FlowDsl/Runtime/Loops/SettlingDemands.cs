using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Solvers;

namespace FlowDsl.Runtime.Loops;

/// <summary>
/// How many bits component k must be behind component j at a point of the flow, so that k is negligible in all evaluations to come if the others are:
/// the thresholds of a <see cref="SettledFlow{T}"/>, from the last evaluation back to the first.
/// </summary>
/// <remarks>
/// If only j matters between two points, the bits at the later one are an affine function of those at the earlier one:
/// <code>
/// g' = u g + (1 - u) w + β' a' ((κ - ε)|μ_k - μ_j|² - 2ε (μ_k - μ_j)·μ_j)
/// x' = ρ x + κ μ_j,  β = 1/(2 log 2 (a²σ² + s²)),  u = β' a' ρ/(β a),  w = log2(π_j/π_k),  ε = ρ a + κ - a'
/// </code>
/// ε is the solver's error at the mean of j.
/// </remarks>
internal sealed class SettlingDemands
{
    private const double LogTwo = 0.69314718055994530942;

    private readonly int _count;
    private readonly double _variance;
    private readonly double[] _bits, _gram, _alongCentre, _demands;

    /// <summary>Demands nothing yet.</summary>
    /// <param name="mixture">A mixture with one isotropic covariance.</param>
    /// <param name="gram">The products of the means minus their mean with one another.</param>
    /// <param name="alongCentre">The same with their mean.</param>
    public SettlingDemands(Mixture mixture, double[] gram, double[] alongCentre)
    {
        (_count, _variance, _gram, _alongCentre) = (mixture.Count, mixture.Covariances[0].MinVariance, gram, alongCentre);
        _bits = [.. mixture.LogWeights.Select(weight => weight / LogTwo)];
        _demands = new double[gram.Length];
        Array.Fill(_demands, double.NegativeInfinity);
    }

    /// <summary>Goes back to an earlier point: from demands there to demands here.</summary>
    /// <param name="from">The process at the earlier point.</param>
    /// <param name="to">The process at the present point.</param>
    /// <param name="flow">The way between them if only one component matters.</param>
    public void GoBack(ProcessPoint from, ProcessPoint to, GaussianFlow flow) => Change(from, to, flow, null);

    /// <summary>Demands a number of bits at a later point.</summary>
    /// <param name="from">The process at the present point.</param>
    /// <param name="to">The process at the later point.</param>
    /// <param name="flow">The way between them if only one component matters.</param>
    /// <param name="bits">The number.</param>
    public void Add(ProcessPoint from, ProcessPoint to, GaussianFlow flow, double bits) => Change(from, to, flow, bits);

    /// <summary>The greatest demand for each component j, and a little more: some roundings of the energies.</summary>
    /// <param name="point">The process at the present point.</param>
    /// <param name="least">The least result.</param>
    /// <param name="unit">Half a unit in the last place of 1.</param>
    public double[] Greatest(ProcessPoint point, double least, double unit)
    {
        double[] greatest = new double[_count];
        double norm = 0;
        for (int j = 0; j < _count; j++)
        {
            greatest[j] = least;
            for (int k = 0; k < _count; k++)
                if (k != j) greatest[j] = Math.Max(greatest[j], _demands[j * _count + k]);
            norm = Math.Max(norm, _gram[j * _count + j]);
        }
        double margin = 64 * unit * Precision(point) * point.A * point.A * norm;
        for (int j = 0; j < _count; j++) greatest[j] += margin;
        return greatest;
    }

    /// <summary>By how many bits the nearest other component is behind in a sample of each component that lies one standard deviation towards it.</summary>
    /// <param name="point">The process at the present point.</param>
    /// <param name="distances">The distances of the nearest other means.</param>
    public double[] Typical(ProcessPoint point, double[] distances)
    {
        double root = point.A / Math.Sqrt(point.Spread(_variance));
        return [.. distances.Select(distance => root * distance * (root * distance - 2) / (2 * LogTwo))];
    }

    /// <summary>The distance of each mean from the nearest other one.</summary>
    public double[] Nearest()
    {
        double[] nearest = new double[_count];
        for (int j = 0; j < _count; j++)
        {
            double least = double.PositiveInfinity;
            for (int k = 0; k < _count; k++)
                if (k != j) least = Math.Min(least, _gram[j * _count + j] + _gram[k * _count + k] - 2 * _gram[j * _count + k]);
            nearest[j] = Math.Sqrt(Math.Max(least, 0));
        }
        return nearest;
    }

    private void Change(ProcessPoint from, ProcessPoint to, GaussianFlow flow, double? bits)
    {
        double factor = 2 * Precision(to) * to.A, u = 0.5 * factor * flow.Start / (Precision(from) * from.A);
        // Without signal nothing is known about later points.
        if (!(u > 0 && double.IsFinite(u)))
        {
            Array.Fill(_demands, double.PositiveInfinity);
            return;
        }
        // g = (g' - …)/u = g'/u + a number for j + a number for k + a multiple of the product of their means.
        double error = flow.Start * from.A + flow.Mean - to.A;
        double own = factor * error / u, apart = 0.5 * factor * (flow.Mean - error) / u, weight = (1 - u) / u, both = 2 * apart + own;
        double[] ofOther = new double[_count];
        for (int k = 0; k < _count; k++) ofOther[k] = weight * _bits[k] - apart * _gram[k * _count + k] + own * _alongCentre[k];
        for (int j = 0; j < _count; j++)
        {
            double ofOwner = -weight * _bits[j] - (apart + own) * _gram[j * _count + j] - own * _alongCentre[j];
            Span<double> demands = _demands.AsSpan(j * _count, _count);
            ReadOnlySpan<double> products = _gram.AsSpan(j * _count, _count);
            if (bits is { } demand)
                for (int k = 0; k < demands.Length; k++) demands[k] = Math.Max(demands[k], demand / u + ofOwner + ofOther[k] + both * products[k]);
            else
                for (int k = 0; k < demands.Length; k++) demands[k] = demands[k] / u + ofOwner + ofOther[k] + both * products[k];
        }
    }

    private double Precision(ProcessPoint point) => 0.5 / (LogTwo * point.Spread(_variance));
}
