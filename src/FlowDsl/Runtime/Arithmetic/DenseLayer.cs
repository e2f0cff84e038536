using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace FlowDsl.Runtime.Arithmetic;

/// <summary>y = W x + b of a dense layer in single precision, for blocks of samples. Called by generated code.</summary>
/// <remarks>
/// <para>
/// Values are stored feature by feature: row j of x is the <c>lanes</c> floats at x + j·pitch, one per sample. Lanes come in pairs of vectors, and
/// every lane of a product does the same operations whatever the vector width and the split of samples into calls.
/// </para>
/// <para>
/// Blocks of 128 lanes are best for wide layers, of 256 for layers up to 128 wide. Smaller blocks slow down gradients most; larger ones do not fit
/// the second-level cache. A pitch of an odd number of cache lines (128 + 16 or 256 + 16 floats) keeps the rows of a wide layer from competing for
/// the same cache sets. Any number of threads may call a layer as long as none loads it.
/// </para>
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class DenseLayer
{
    // The number of samples whose sum is added to a gradient at once: two vectors of inputs for each take half of the first-level cache.
    private const int Run = 256;

    private readonly PackedMatrix<float> _weights;
    // Each sum starts with one of these; the bias has one more row if the number of outputs is odd.
    private readonly float[] _bias, _zeros;
    private PackedMatrix<float>? _transposed;
    private bool _forTraining;

    /// <summary>A layer with W = 0 and b = 0.</summary>
    /// <param name="inputs">The number of inputs, at least 1.</param>
    /// <param name="outputs">The number of outputs, at least 1.</param>
    public DenseLayer(int inputs, int outputs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        (Inputs, Outputs) = (inputs, outputs);
        _weights = new PackedMatrix<float>(outputs, inputs);
        _bias = new float[_weights.Rows];
        _zeros = new float[Math.Max(_weights.Rows, PackedMatrix<float>.Even(inputs))];
    }

    /// <summary>The number of inputs.</summary>
    public int Inputs { get; }

    /// <summary>The number of outputs.</summary>
    public int Outputs { get; }

    /// <summary>The number of values in W and b.</summary>
    /// <param name="inputs">The number of inputs.</param>
    /// <param name="outputs">The number of outputs.</param>
    public static int CountParameters(int inputs, int outputs) => checked(inputs * outputs + outputs);

    /// <summary>Replaces W and b. Only the first call for training allocates.</summary>
    /// <param name="parameters">outputs × inputs numbers of W, row by row, then the outputs numbers of b: the order of torch.nn.Linear.</param>
    /// <param name="forTraining">Whether <see cref="ApplyTransposed"/> will be called.</param>
    /// <exception cref="ArgumentException">The length is not <see cref="CountParameters"/>.</exception>
    public void Load(ReadOnlySpan<float> parameters, bool forTraining)
    {
        Check(parameters.Length, nameof(parameters));
        ReadOnlySpan<float> weights = parameters[..(Inputs * Outputs)];
        _weights.Load(weights);
        parameters[weights.Length..].CopyTo(_bias);
        _forTraining = forTraining;
        if (!forTraining) return;
        _transposed ??= new PackedMatrix<float>(Inputs, Outputs);
        _transposed.LoadTransposed(weights);
    }

    /// <summary>y ← W x + b.</summary>
    /// <param name="x">The first of <see cref="Inputs"/> rows.</param>
    /// <param name="y">The first row. There are <see cref="Outputs"/> rows, rounded up to an even number; a padding row receives zeros.</param>
    /// <param name="pitch">The distance of rows, in floats.</param>
    /// <param name="lanes">The number of samples, whole pairs of vectors.</param>
    public void Apply(ref float x, ref float y, nuint pitch, nuint lanes)
        => _weights.Multiply(ref _bias[0], ref x, pitch, ref y, pitch, ref Unsafe.NullRef<float>(), lanes);

    /// <summary>y ← W x, of tangents.</summary>
    /// <param name="x">The first of <see cref="Inputs"/> rows.</param>
    /// <param name="y">The first row. There are <see cref="Outputs"/> rows, rounded up to an even number; a padding row receives zeros.</param>
    /// <param name="pitch">The distance of rows, in floats.</param>
    /// <param name="lanes">The number of samples, whole pairs of vectors.</param>
    public void ApplyLinear(ref float x, ref float y, nuint pitch, nuint lanes)
        => _weights.Multiply(ref _zeros[0], ref x, pitch, ref y, pitch, ref Unsafe.NullRef<float>(), lanes);

    /// <summary>y ← y + W x.</summary>
    /// <param name="x">The first of <see cref="Inputs"/> rows.</param>
    /// <param name="y">The first row. There are <see cref="Outputs"/> rows, rounded up to an even number.</param>
    /// <param name="pitch">The distance of rows, in floats.</param>
    /// <param name="lanes">The number of samples, whole pairs of vectors.</param>
    public void AddLinear(ref float x, ref float y, nuint pitch, nuint lanes)
        => _weights.Multiply(ref Unsafe.NullRef<float>(), ref x, pitch, ref y, pitch, ref Unsafe.NullRef<float>(), lanes);

    /// <summary>dx ← Wᵀ dy.</summary>
    /// <param name="dy">The first of <see cref="Outputs"/> rows.</param>
    /// <param name="dx">The first row. There are <see cref="Inputs"/> rows, rounded up to an even number; a padding row receives zeros.</param>
    /// <param name="pitch">The distance of rows, in floats.</param>
    /// <param name="lanes">The number of samples, whole pairs of vectors.</param>
    /// <exception cref="InvalidOperationException">The layer was not loaded for training.</exception>
    public void ApplyTransposed(ref float dy, ref float dx, nuint pitch, nuint lanes)
    {
        if (!_forTraining) throw new InvalidOperationException("The layer was not loaded for training.");
        _transposed!.Multiply(ref _zeros[0], ref dy, pitch, ref dx, pitch, ref Unsafe.NullRef<float>(), lanes);
    }

    /// <summary>gradient += the sums over samples of dy xᵀ and of dy.</summary>
    /// <remarks>
    /// Samples are summed in an order that depends only on <paramref name="lanes"/>: in runs of 256.
    /// Lanes without a sample need finite x and zeros in dy.
    /// </remarks>
    /// <param name="x">The first of <see cref="Inputs"/> rows.</param>
    /// <param name="dy">The first of <see cref="Outputs"/> rows.</param>
    /// <param name="pitch">The distance of rows, in floats.</param>
    /// <param name="lanes">The number of samples, whole pairs of vectors.</param>
    /// <param name="gradient">The gradient with respect to the parameters, in their order.</param>
    /// <exception cref="ArgumentException">The length is not <see cref="CountParameters"/>.</exception>
    public void AddGradient(ref float x, ref float dy, nuint pitch, nuint lanes, Span<float> gradient)
    {
        Check(gradient.Length, nameof(gradient));
        Span<float> weights = gradient[..(Inputs * Outputs)], bias = gradient[weights.Length..];
        for (nuint first = 0; first < lanes; first += Run)
        {
            nuint run = Math.Min(lanes - first, Run);
            ref float dyRun = ref Unsafe.Add(ref dy, first);
            OuterProducts.Add(ref dyRun, Outputs, ref Unsafe.Add(ref x, first), Inputs, pitch, run, weights);
            RowSums.Add(ref dyRun, pitch, run, bias);
        }
    }

    private void Check(int length, string name)
    {
        if (length != CountParameters(Inputs, Outputs))
            throw new ArgumentException(
                $"A layer of {Inputs} inputs and {Outputs} outputs has {CountParameters(Inputs, Outputs)} parameters, not {length}.", name);
    }
}
