using System.Numerics;
using System.Runtime.InteropServices;
using FlowDsl.Mathematics;

namespace FlowDsl.Sampling;

/// <summary>Draws x_T: for each sample a component by its uniform, then that component's Gaussian by its normals.</summary>
/// <remarks>This is in double precision; <see cref="SinglePriorDraws"/> draws other numbers from the same law in single precision.</remarks>
internal sealed class PriorDraws
{
    // Normals of a block stay in the first-level cache between their two passes.
    private const int BlockValues = 2048;

    private readonly int _d, _stride;
    private readonly double[] _cumulative;
    private readonly int[] _guide;
    private readonly double[][] _means, _deviations;
    private readonly double[]?[] _bases;
    private readonly Lazy<SinglePriorDraws> _single;
    private readonly DataDraws? _data;

    private PriorDraws(double[] weights, double[][] means, double[][] deviations, double[]?[] bases)
    {
        _d = means[0].Length;
        _stride = Math.Clamp(BlockValues / _d / 16 * 16, 16, 512);
        (_means, _deviations, _bases) = (means, deviations, bases);
        _cumulative = new double[weights.Length];
        double sum = 0;
        for (int k = 0; k < weights.Length; k++) _cumulative[k] = sum += weights[k];
        // The weights may not sum to exactly 1 after rounding: the rest belongs to the last component.
        _cumulative[^1] = 1;
        _guide = Guide(_cumulative);
        _single = new Lazy<SinglePriorDraws>(() => new SinglePriorDraws(_cumulative, _means, _deviations, _bases));
    }

    private PriorDraws(DataDraws data)
    {
        (_data, _cumulative, _guide, _means, _deviations, _bases) = (data, [], [], [], [], []);
        _single = new Lazy<SinglePriorDraws>();
    }

    /// <summary>Draws of the samples' starts.</summary>
    public static PriorDraws Of(GaussianMixtureModel model, Prior prior)
    {
        ProcessPoint point = model.Process.At(model.Process.Horizon);
        if (prior != Prior.Gaussian) return model.Data is { } data ? new PriorDraws(new DataDraws(data, point)) : Of(model.Mixture, point);
        double deviation = Math.Sqrt(point.Spread(model.MeanVariance));
        return new PriorDraws([1], [new double[model.Dimension]], [Enumerable.Repeat(deviation, model.Dimension).ToArray()], [null]);
    }

    /// <summary>Draws of a mixture's x_t at any time.</summary>
    public static PriorDraws Of(Mixture mixture, ProcessPoint point) => new(
        [.. mixture.Weights],
        [.. mixture.Means.Select(mean => mean.Select(value => point.A * value).ToArray())],
        [.. mixture.Covariances.Select(c => c.Variances.Select(variance => Math.Sqrt(point.Spread(variance))).ToArray())],
        [.. mixture.Covariances.Select(c => c.Basis?.ToArray())]);

    /// <summary>Fills rows with the samples from an index on.</summary>
    public void Fill<T>(ulong seed, long firstIndex, Span<T> rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (_data is not null)
        {
            _data.Fill(seed, firstIndex, rows);
            return;
        }
        if (typeof(T) == typeof(float))
        {
            _single.Value.Fill(seed, firstIndex, MemoryMarshal.Cast<T, float>(rows));
            return;
        }
        double[] normals = new double[_d * _stride], uniforms = new double[_stride], sample = new double[_d];
        int samples = rows.Length / _d;
        for (int first = 0; first < samples; first += _stride)
        {
            NormalSource.FillRows(seed, firstIndex + first, _d, normals, _stride);
            if (_cumulative.Length > 1) NormalSource.FillUniforms(seed, firstIndex + first, uniforms);
            int n = Math.Min(_stride, samples - first);
            for (int i = 0; i < n; i++)
                Place(normals.AsSpan(i), Component(uniforms[i]), sample, rows.Slice((first + i) * _d, _d));
        }
    }

    private void Place<T>(ReadOnlySpan<double> normals, int k, double[] sample, Span<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] mean = _means[k], deviations = _deviations[k];
        if (_bases[k] is not { } basis)
        {
            for (int j = 0, at = 0; j < row.Length; j++, at += _stride)
                row[j] = T.CreateTruncating(mean[j] + deviations[j] * normals[at]);
            return;
        }
        for (int axis = 0, at = 0; axis < row.Length; axis++, at += _stride) sample[axis] = normals[at] * deviations[axis];
        for (int j = 0; j < row.Length; j++)
        {
            double sum = mean[j];
            for (int axis = 0; axis < row.Length; axis++) sum += basis[j * _d + axis] * sample[axis];
            row[j] = T.CreateTruncating(sum);
        }
    }

    private int Component(double uniform)
    {
        int k = _guide[(int)(uniform * _guide.Length)];
        while (_cumulative[k] < uniform) k++;
        return k;
    }

    /// <summary>For each of equally wide cells of [0, 1), the first component that reaches into it. Replaces a search by a table look-up.</summary>
    private static int[] Guide(double[] cumulative)
    {
        int[] guide = new int[4 * cumulative.Length];
        for (int cell = 0, k = 0; cell < guide.Length; cell++)
        {
            while (cumulative[k] < (double)cell / guide.Length) k++;
            guide[cell] = k;
        }
        return guide;
    }
}
