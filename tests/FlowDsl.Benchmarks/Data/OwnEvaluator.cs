using FlowDsl.Mathematics.Fields;
using FlowDsl.Runtime.Data;

namespace FlowDsl.Benchmarks;

/// <summary>The library's evaluations.</summary>
/// <param name="data">The data set.</param>
/// <param name="fields">The fields that are asked for, prepared as a sampler prepares them.</param>
internal sealed class OwnEvaluator(EmpiricalMixture data, IEnumerable<MixtureField> fields) : IDataEvaluator
{
    private readonly Dictionary<MixtureField, DataEvaluation> _evaluations =
        fields.Distinct().ToDictionary(field => field, field => new DataEvaluation(data.Directions, data.Variance, field));

    /// <inheritdoc/>
    public int Lanes => DataKernel.BlockSamples;

    /// <inheritdoc/>
    public int ScratchRows { get; } = DataEvaluation.ScratchRows(data.Count, data.Dimension);

    /// <inheritdoc/>
    public void Evaluate(in MixtureField field, ref float x, ref float scratch, ref float slope)
        => _evaluations[field].Evaluate(ref x, Lanes, ref scratch, ref slope, Lanes);
}
