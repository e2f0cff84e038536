using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Solvers;

/// <summary>UniPC in data prediction, the variant B₂(h) (Zhao, Bai, Rao, Zhou and Lu, arXiv:2302.04867), in the canonical chart of any variance.</summary>
/// <remarks>
/// With the logarithm of the clock, ℓ, and slopes m, the predictor integrates the polynomial through m_i, m_{i-1}, …, and the corrector repeats the step
/// with the polynomial that also goes through the slope at the predicted point. Where one coefficient is free, B₂ makes it ½.
/// <para>
/// Predictor and corrector multiply the state by the same factor. So the corrected state is the predicted one plus slopes, and the next step can start
/// from the predicted state and correct it on the way: the method is a linear one with one slope more. The state between steps is the predicted one;
/// the last is not corrected, as in its authors' program, since that would cost another evaluation.
/// </para>
/// <para>
/// Steps to, from and between nodes at which ℓ is infinite are those of <see cref="ExponentialMultistep"/>; they are not corrected.
/// </para>
/// </remarks>
internal sealed class UnifiedMultistep
{
    private readonly ChartFrame _frame;
    private readonly ProcessPoint[] _points;
    private readonly int _order;
    private readonly double[] _logs;

    /// <summary>Prepares a grid.</summary>
    /// <param name="frame">The chart.</param>
    /// <param name="points">The process at the times of the grid.</param>
    /// <param name="order">The number of slopes that the predictor uses.</param>
    public UnifiedMultistep(ChartFrame frame, ProcessPoint[] points, int order)
    {
        (_frame, _points, _order) = (frame, points, order);
        _logs = [.. points.Select(point => PortableMath.Log(frame.Clock(point)))];
    }

    /// <summary>The results of step i with 0, 1, … earlier slopes available.</summary>
    /// <param name="i">The step.</param>
    public Combination[] Results(int i) => [.. Enumerable.Range(0, Math.Min(i, _order) + 1).Select(known => Result(i, known))];

    private Combination Result(int i, int known)
    {
        double ratio = _frame.Scale(_points[i + 1]) / _frame.Scale(_points[i]);
        double[] slopes = new double[known + 1];
        Add(slopes, 0, 1, Predictor(i, known));
        if (known > 0 && IsFinite(i - 1))
        {
            // The step before had one earlier slope less, or as many as it can use.
            Add(slopes, 0, ratio, Corrector(i - 1, known - 1));
            Add(slopes, 1, -ratio, Predictor(i - 1, known - 1));
        }
        return new Combination(ratio, [.. slopes]);
    }

    private static void Add(double[] slopes, int first, double factor, double[] weights)
    {
        for (int l = 0; l < weights.Length; l++) slopes[first + l] += factor * weights[l];
    }

    /// <summary>The factors of the slopes at the start of step j and before.</summary>
    private double[] Predictor(int j, int known)
    {
        double a = _points[j + 1].A, h = _logs[j + 1] - _logs[j];
        if (!IsFinite(j))
        {
            // a'e by its limits: a' towards the data, -ω'ζ towards the noise.
            return [h > 0 ? a : _frame.Scale(_points[j + 1]) * (_frame.Clock(_points[j + 1]) - _frame.Clock(_points[j]))];
        }
        double[] nodes = [0, .. Earlier(j, Math.Min(known, _order - 1))], moments = StepQuadrature.Exponential(h, nodes.Length);
        if (nodes.Length == 2) moments[1] = 0.5 * moments[0];
        return [.. StepQuadrature.Weights(nodes, moments).Select(weight => a * weight)];
    }

    /// <summary>The factors of the slopes at the end of step j, at its start and before.</summary>
    private double[] Corrector(int j, int known)
    {
        double[] nodes = [1, 0, .. Earlier(j, Math.Min(known, _order - 1))], moments = StepQuadrature.Exponential(_logs[j + 1] - _logs[j], nodes.Length);
        if (nodes.Length == 2) moments[1] = 0.5 * moments[0];
        return [.. StepQuadrature.Weights(nodes, moments).Select(weight => _points[j + 1].A * weight)];
    }

    /// <summary>The places of earlier slopes, in units of the step from its start; those at an infinite or at next to no distance are left out.</summary>
    private List<double> Earlier(int j, int count)
    {
        double h = _logs[j + 1] - _logs[j];
        var nodes = new List<double>();
        for (int age = 1; age <= count; age++)
        {
            double node = (_logs[j - age] - _logs[j]) / h;
            if (!StepQuadrature.IsUsable(node, nodes.Count == 0 ? 0 : nodes[nodes.Count - 1])) break;
            nodes.Add(node);
        }
        return nodes;
    }

    // NaN between two nodes at infinity; without length there is nothing to correct.
    private bool IsFinite(int j) => Math.Abs(_logs[j + 1] - _logs[j]) is > 0 and <= StepQuadrature.Longest;
}
