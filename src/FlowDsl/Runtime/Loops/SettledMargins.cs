using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Fields;
using FlowDsl.Mathematics.Solvers;
using FlowDsl.Runtime.Arithmetic;
using FlowDsl.Runtime.Blocks;

namespace FlowDsl.Runtime.Loops;

/// <summary>The branch margins that settled samples still meet, in closed form.</summary>
/// <remarks>
/// From a check c on such a sample is S x_c + M μ_j at a node n, so what component k's energy there exceeds j's by is affine in the same excess at the
/// check: β_k - β_j + V (E_k - E_j) - φM (G_jk - G_jj), with φ_n and φ_c the energies' factors, V = φ_n S/φ_c, and G the Gram matrix of the means minus
/// their mean.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class SettledMargins<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly CoefficientTables<T> _tables;
    private readonly FlowProgram _program;
    private readonly INodeWatch<T> _watch;
    private readonly Rest?[] _rests;
    private readonly int _pitch;
    // Rows of the Gram matrix, each in whole vectors.
    private readonly T[] _gram;
    // Zeros around an infinity: the window in which it is the owner's leaves that one out.
    private readonly T[] _others;

    /// <summary>Tabulates what all checks share.</summary>
    /// <param name="tables">The mixture.</param>
    /// <param name="program">The program.</param>
    /// <param name="watch">The nodes that count.</param>
    public SettledMargins(CoefficientTables<T> tables, FlowProgram program, INodeWatch<T> watch)
    {
        (_tables, _program, _watch) = (tables, program, watch);
        int count = tables.Mixture.Count;
        _pitch = (count + Vector<T>.Count - 1) / Vector<T>.Count * Vector<T>.Count;
        _gram = new T[count * _pitch];
        for (int j = 0; j < count; j++)
            for (int k = 0; k < count; k++) _gram[j * _pitch + k] = T.CreateTruncating(tables.Products[j * count + k]);
        _others = new T[2 * _pitch];
        _others[_pitch] = T.PositiveInfinity;
        _rests = new Rest?[program.Steps.Length];
    }

    /// <summary>The nodes after a check.</summary>
    /// <param name="segment">The segment that starts at the check.</param>
    public Rest After(int segment) => _rests[segment] ??= new Rest(this, segment);

    /// <summary>The nodes after one check.</summary>
    internal sealed class Rest
    {
        private readonly SettledMargins<T> _all;
        private readonly Node[] _nodes;

        public Rest(SettledMargins<T> all, int segment)
        {
            _all = all;
            MixtureField before = all._program.Steps[segment].Stages[0].Field;
            (double[] offsets, double factor) = all.Energies(before);
            double variance = all._tables.Mixture.Covariances[0].MinVariance;
            var nodes = new List<Node>();
            for (int node = segment + 1; node <= all._program.Steps.Length; node++)
            {
                if (all._watch.FieldAt(node) is not { } field) continue;
                (double[] later, double own) = all.Energies(field);
                GaussianFlow flow = GaussianFlow.Over(all._program, variance, segment, node - segment);
                double scale = own * flow.Start / factor, along = own * (flow.Start * before.Point.A + flow.Mean - field.Point.A);
                var constants = new T[all._pitch];
                Array.Fill(constants, T.PositiveInfinity);
                for (int k = 0; k < later.Length; k++) constants[k] = T.CreateTruncating(later[k] - scale * offsets[k] - along * all._tables.AlongCentre[k]);
                nodes.Add(new Node(constants, T.CreateTruncating(scale), T.CreateTruncating(-own * flow.Mean), all._watch.UnitAt(node)));
            }
            _nodes = [.. nodes];
        }

        /// <summary>The least margin of a settled sample.</summary>
        /// <param name="energies">The energies at the check, one after the other at the pitch.</param>
        /// <param name="pitch">Their distance.</param>
        /// <param name="owner">The likeliest component.</param>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public T Least(ref T energies, nuint pitch, int owner)
        {
            int count = _all._tables.Mixture.Count;
            Span<T> excess = stackalloc T[_all._pitch];
            excess.Clear();
            T own = Unsafe.Add(ref energies, (nuint)owner * pitch);
            for (int k = 0; k < count; k++) excess[k] = Unsafe.Add(ref energies, (nuint)k * pitch) - own;
            ref T gram = ref _all._gram[owner * _all._pitch], others = ref _all._others[_all._pitch - owner], first = ref excess[0];
            Vector<T> least = new(T.PositiveInfinity);
            foreach (Node node in _nodes)
            {
                ref T constants = ref MemoryMarshal.GetArrayDataReference(node.Constants);
                Vector<T> scale = Vector.Create(node.Scale), factor = Vector.Create(node.Gram), unit = Vector.Create(node.Unit);
                Vector<T> owners = Vector.Create(node.Constants[owner] + node.Gram * Unsafe.Add(ref gram, owner));
                for (nuint k = 0; k < (nuint)excess.Length; k += (nuint)Vector<T>.Count)
                {
                    Vector<T> energy = Vector.LoadUnsafe(ref constants, k) + Vector.LoadUnsafe(ref others, k);
                    energy = SimdMath.MultiplyAdd(scale, Vector.LoadUnsafe(ref first, k), energy);
                    energy = SimdMath.MultiplyAdd(factor, Vector.LoadUnsafe(ref gram, k), energy);
                    least = Vector.MinNative(least, (energy - owners) * unit);
                }
            }
            least.CopyTo(excess);
            T smallest = excess[0];
            for (int k = 1; k < Vector<T>.Count; k++) smallest = T.MinNative(smallest, excess[k]);
            return smallest;
        }
    }

    // The constant terms of the energies about the mean of the means, and the factor of -δ·(x - am).
    private (double[] Offsets, double Factor) Energies(in MixtureField field)
    {
        ComponentCoefficients[] components = new EvaluationCoefficients(_tables.Mixture, field).Components;
        double a = field.Point.A, precision = components[0].Root[0] * components[0].Root[0];
        int count = components.Length;
        return ([.. components.Select((component, k) => component.Offset + a * a * precision * _tables.Products[k * count + k])], 2 * a * precision);
    }

    /// <summary>A node that counts.</summary>
    /// <param name="Constants">β, in whole vectors.</param>
    /// <param name="Scale">V.</param>
    /// <param name="Gram">-φM.</param>
    /// <param name="Unit">The margin of one bit.</param>
    private sealed record Node(T[] Constants, T Scale, T Gram, T Unit);
}
