using FlowDsl.Mathematics;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Loops;

namespace FlowDsl.Benchmarks;

/// <summary>Starts that no search has seen, and where the exact flow takes them.</summary>
internal sealed class FreshStarts
{
    private const int FewSamples = 8192;
    private const double Tolerance = 1e-8;

    private readonly GaussianMixtureModel _model;
    private readonly double[] _starts, _exact;

    public FreshStarts(GaussianMixtureModel model, int samples = FewSamples)
    {
        _model = model;
        _starts = FlowSampling.DrawPrior<double>(model, samples, Subject.Seed);
        _exact = new double[_starts.Length];
        model.FlowMaps(model.Process.Horizon, model.Process.EarlyStop, _starts, _exact, tolerance: Tolerance);
    }

    /// <summary>The relative mean squared error of a program in double precision; infinite where there is none or its numbers are not finite.</summary>
    public double Error(FlowProgram? program)
    {
        if (program is null) return double.PositiveInfinity;
        double[] ends = [.. _starts];
        BlockDriver.Integrate(new TableKernel<double>(_model.Mixture, program), ends);
        double distance = Vectors.Distance(ends, _exact), error = distance * distance / Vectors.Dot(_exact, _exact);
        return double.IsNaN(error) ? double.PositiveInfinity : error;
    }
}
