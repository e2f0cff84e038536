using FlowDsl.Mathematics.Fields;

namespace FlowDsl.Benchmarks;

/// <summary>A way to evaluate fields of a data set for blocks of samples.</summary>
internal interface IDataEvaluator
{
    /// <summary>The samples of a block.</summary>
    int Lanes { get; }

    /// <summary>The floats of scratch for a lane.</summary>
    int ScratchRows { get; }

    /// <summary>Evaluates a field for a whole block.</summary>
    /// <param name="field">The field.</param>
    /// <param name="x">The first coordinate of all lanes; the others follow.</param>
    /// <param name="scratch">Its own.</param>
    /// <param name="slope">Receives d coordinates.</param>
    void Evaluate(in MixtureField field, ref float x, ref float scratch, ref float slope);
}
