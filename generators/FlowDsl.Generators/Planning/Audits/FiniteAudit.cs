using FlowDsl.Generators.Model;
using FlowDsl.Generators.Planning.Arithmetic;
using FlowDsl.Generators.Planning.Samplers;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Generators.Planning.Audits;

/// <summary>Looks for numbers of a planned sampler that are not finite: none may reach the generated code.</summary>
internal static class FiniteAudit
{
    /// <summary>The first such number in words; null where all are finite.</summary>
    /// <param name="plan">The sampler. Its own program was looked at before.</param>
    /// <param name="mixture">The mixture.</param>
    public static string? Find(SamplerPlan plan, Mixture mixture)
    {
        Precision precision = plan.Spec.Precision;
        return plan.Companion?.Program.Fault(mixture, precision)
            ?? OfKernel(plan.Kernel, precision) ?? OfKernel(plan.Companion?.Form.Kernel, precision) ?? OfKernel(plan.Tangents?.Kernel, precision)
            ?? (plan.Tangents?.End is { } end ? OfMethod(end, precision) : null)
            ?? OfForecast(plan.Forecast)
            ?? (plan.ScoreError is { } error && !Numbers.IsFinite(error) ? Words("the effect of the network's error on the samples", error) : null);
    }

    private static string? OfKernel(KernelPlan? kernel, Precision precision)
        => kernel?.Steps.SelectMany(methods => methods).Select(method => OfMethod(method, precision)).FirstOrDefault(fault => fault is not null);

    private static string? OfMethod(MethodPlan method, Precision precision)
    {
        double max = precision == Precision.Single ? float.MaxValue : double.MaxValue;
        IEnumerable<Node> used = method.Statements.Concat(method.Tangents.Statements).SelectMany(node => node.Operands)
            .Concat(method.Stores.Concat(method.Tangents.Stores).Select(store => store.Value));
        foreach (Node node in used)
            if (node.IsConstant && !(Math.Abs(node.Value) <= max)) return Words($"a constant of {method.Name}", node.Value);
        return null;
    }

    // A sampler that overflows on the model's own trajectories, in double precision, has nothing to offer.
    private static string? OfForecast(SamplerForecast? forecast)
    {
        if (forecast is null) return null;
        double[] values =
        [
            forecast.RelativeMeanSquaredError, forecast.MedianAmplification, forecast.HighAmplification,
            .. forecast.Segments.SelectMany(segment => (double[])
                [segment.MedianAmplification, segment.HighAmplification, segment.LocalError, segment.PropagatedError]),
        ];
        int fault = Array.FindIndex(values, value => !Numbers.IsFinite(value));
        return fault < 0 ? null : Words("the forecast of its errors on exact trajectories", values[fault]);
    }

    private static string Words(string what, double value) => $"{what} is {PortableNumber.Format(value, 3)}";
}
