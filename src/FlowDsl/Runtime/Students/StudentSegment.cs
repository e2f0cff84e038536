using System.ComponentModel;
using System.Runtime.CompilerServices;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Students;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Runtime.Students;

/// <summary>The data of one segment of a student: the mixture's constants and the layers. Thread-safe after loading.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class StudentSegment
{
    private readonly StudentShape _shape;
    private readonly DenseLayer[] _layers;
    private readonly float[] _scales, _shifts;
    private readonly float _start;

    internal StudentSegment(StudentShape shape, Mixture mixture, Process process, double from, double to)
    {
        _shape = shape;
        _layers = [.. Enumerable.Range(0, shape.LayerCount).Select(layer => new DenseLayer(shape.InputsOf(layer), shape.OutputsOf(layer)))];
        (_scales, _shifts) = ([], []);
        if (shape.Form is StudentForm.Plain or StudentForm.Residual) return;
        var map = new StudentMap(mixture, process, from, to);
        (_scales, _shifts) = map.Standardization();
        _start = (float)map.Start;
        if (shape.Form == StudentForm.ClosedFormPlusResidual) ClosedForm = Constant(map.ClosedForm(), mixture.Dimension, mixture.Dimension);
        if (!shape.CorrectsResponsibilities) return;
        Logits = Constant(map.Logits(), mixture.Dimension, mixture.Count);
        Means = Constant(map.Means(), mixture.Count, mixture.Dimension);
        if (shape.Form == StudentForm.TrapezoidCorrected) EndLogits = Constant(map.EndLogits(), mixture.Dimension, mixture.Count);
    }

    /// <summary>The exact logits of the components at the segment's start, from the coordinates.</summary>
    public DenseLayer? Logits { get; }

    /// <summary>The exact logits at the segment's end, from coordinates there.</summary>
    public DenseLayer? EndLogits { get; }

    /// <summary>The matrix that maps averaged responsibilities to coordinates: the means times the segment's factor.</summary>
    public DenseLayer? Means { get; }

    /// <summary>The exact map of the Gaussian with the mixture's mean and covariance.</summary>
    public DenseLayer? ClosedForm { get; }

    /// <summary>A layer of the network.</summary>
    /// <param name="index">Which, from 0.</param>
    public DenseLayer Layer(int index) => _layers[index];

    /// <summary>features ← (coordinates - their mean) / their standard deviation at the segment's start.</summary>
    /// <param name="coordinates">The first row.</param>
    /// <param name="features">The first row.</param>
    /// <param name="pitch">The distance of rows.</param>
    /// <param name="lanes">The number of lanes, whole vectors.</param>
    public void Standardize(ref float coordinates, ref float features, nuint pitch, nuint lanes)
    {
        for (int j = 0; j < _scales.Length; j++)
            StudentMath.MultiplyAdd(ref Unsafe.Add(ref coordinates, (nuint)j * pitch), _scales[j], _shifts[j], ref Unsafe.Add(ref features, (nuint)j * pitch),
                lanes);
    }

    /// <summary>The derivative of <see cref="Standardize"/>.</summary>
    /// <param name="coordinates">The first row of a direction.</param>
    /// <param name="features">The first row of its image.</param>
    /// <param name="pitch">The distance of rows.</param>
    /// <param name="lanes">The number of lanes, whole vectors.</param>
    public void StandardizeTangent(ref float coordinates, ref float features, nuint pitch, nuint lanes)
    {
        for (int j = 0; j < _scales.Length; j++)
            StudentMath.MultiplyAdd(ref Unsafe.Add(ref coordinates, (nuint)j * pitch), _scales[j], 0, ref Unsafe.Add(ref features, (nuint)j * pitch), lanes);
    }

    /// <summary>result ← result + α coordinates, with α the segment's factor of a deviation from a component's mean.</summary>
    /// <param name="coordinates">The first row.</param>
    /// <param name="result">The first row.</param>
    /// <param name="pitch">The distance of rows.</param>
    /// <param name="lanes">The number of lanes, whole vectors.</param>
    public void AddStart(ref float coordinates, ref float result, nuint pitch, nuint lanes)
    {
        for (nuint j = 0; j < (nuint)_shape.Coordinates; j++)
            StudentMath.AddScaled(ref Unsafe.Add(ref coordinates, j * pitch), _start, ref Unsafe.Add(ref result, j * pitch), lanes);
    }

    /// <summary>Puts parameters into the layers.</summary>
    /// <param name="parameters">Layer by layer: row-major weights, then biases.</param>
    /// <param name="forTraining">Whether gradients will be computed.</param>
    internal void Load(ReadOnlySpan<float> parameters, bool forTraining)
    {
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            int count = _shape.ParameterCountOf(layer);
            _layers[layer].Load(parameters[..count], forTraining);
            parameters = parameters[count..];
        }
    }

    private static DenseLayer Constant(double[] parameters, int inputs, int outputs)
    {
        var layer = new DenseLayer(inputs, outputs);
        // The means of the components need the backward pass too.
        layer.Load(Array.ConvertAll(parameters, value => (float)value), forTraining: true);
        return layer;
    }
}
