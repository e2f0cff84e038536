using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Structure;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Tests;

/// <summary>
/// The map of a segment from the formulas of <see cref="StudentForm"/>, in double precision and in all d coordinates: logits from log N(x; aμ, λI), the
/// Gaussian's map by integrating that Gaussian's flow, plain loops. Only the axes of the span, in which the network reads, are the library's.
/// </summary>
internal sealed class ReferenceStudent
{
    private readonly StudentShape _shape;
    private readonly Mixture _mixture;
    private readonly ProcessPoint _from, _to;
    private readonly double[][] _axes;
    private readonly double[] _means, _deviations, _image;
    private readonly double[][] _columns;
    private readonly int _d;

    public ReferenceStudent(StudentDescriptor student, int segment)
    {
        GaussianMixtureModel model = student.Sampler.Model;
        (double from, double to) = (student.Sampler.Times[segment], student.Sampler.Times[segment + 1]);
        (_shape, _mixture, _d) = (student.Shape, model.Mixture, model.Dimension);
        (_from, _to) = (model.Process.At(from), model.Process.At(to));
        _axes = _shape.Coordinates < _d
            ? MeansSpan.Find(_mixture)!.Axes
            : [.. Enumerable.Range(0, _d).Select(j => Enumerable.Range(0, _d).Select(i => i == j ? 1.0 : 0).ToArray())];
        double[] mean = [.. Enumerable.Range(0, _d).Select(j => Average(k => _mixture.Means[k][j]))];
        double[] covariance = [.. Enumerable.Range(0, _d * _d).Select(at => Average(k =>
            _mixture.Covariances[k].Matrix[at] + (_mixture.Means[k][at / _d] - mean[at / _d]) * (_mixture.Means[k][at % _d] - mean[at % _d])))];
        _means = [.. _axes.Select(axis => _from.A * Dot(axis, mean))];
        _deviations =
            [.. _axes.Select(axis => Math.Sqrt(_from.Spread(Enumerable.Range(0, _d * _d).Sum(at => axis[at / _d] * covariance[at] * axis[at % _d]))))];

        // An affine map is known by the images of the origin and of the unit vectors.
        Covariance whole = _d == 1 ? Covariance.Isotropic(1, covariance[0]) : Covariance.Full(_d, covariance);
        var gaussian = new GaussianMixtureModel(new Mixture([1], [mean], [whole]), model.Process);
        (_image, _columns) = (new double[_d], []);
        if (_shape.Form != StudentForm.ClosedFormPlusResidual) return;
        gaussian.FlowMap(from, to, new double[_d], _image);
        _columns = [.. Enumerable.Range(0, _d).Select(j =>
        {
            double[] unit = new double[_d];
            unit[j] = 1;
            gaussian.FlowMap(from, to, unit, unit);
            return unit.Select((value, i) => value - _image[i]).ToArray();
        })];

        double Average(Func<int, double> value) => Enumerable.Range(0, _mixture.Count).Sum(k => _mixture.Weights[k] * value(k));
    }

    /// <summary>The maps of all segments.</summary>
    public static ReferenceStudent[] All(StudentDescriptor student)
        => [.. Enumerable.Range(0, student.SegmentCount).Select(j => new ReferenceStudent(student, j))];

    /// <summary>The map of one point.</summary>
    public double[] Map(double[] parameters, double[] x)
    {
        double[] y = [.. _axes.Select(axis => Dot(axis, x))], features = [.. y.Select((value, i) => (value - _means[i]) / _deviations[i])];
        switch (_shape.Form)
        {
            case StudentForm.Plain:
                return Network(parameters, x);
            case StudentForm.Residual:
                return Sum(x, Network(parameters, x));
            case StudentForm.ClosedFormPlusResidual:
            {
                double[] closed = [.. _image];
                for (int j = 0; j < _d; j++) closed = Sum(closed, [.. _columns[j].Select(value => value * x[j])]);
                return Sum(closed, Lift(Network(parameters, features)));
            }
            default:
            {
                double[] logits = Logits(_from, x), responsibilities = Softmax(logits);
                if (_shape.Form == StudentForm.ResponsibilityCorrected)
                    return Step(x, Softmax(Sum(logits, Network(parameters, [.. features, .. responsibilities]))));
                double[] atEnd = Logits(_to, Step(x, responsibilities));
                double[] correction = Network(parameters, [.. features, .. responsibilities, .. Softmax(atEnd)]);
                return Step(x, Softmax([.. correction.Select((value, k) => value + 0.5 * (logits[k] + atEnd[k]))]));
            }
        }
    }

    private double[] Logits(ProcessPoint point, double[] x)
        => [.. _mixture.Means.Select((mean, k) => Math.Log(_mixture.Weights[k])
            - x.Select((value, j) => (value - point.A * mean[j]) * (value - point.A * mean[j])).Sum() / (2 * point.Spread(_mixture.Covariances[0].Matrix[0])))];

    // αx + (a_1 - αa_0) Σ w_k μ_k
    private double[] Step(double[] x, double[] averaged)
    {
        double variance = _mixture.Covariances[0].Matrix[0], alpha = Math.Sqrt(_to.Spread(variance) / _from.Spread(variance));
        return [.. x.Select((value, j) => alpha * value + (_to.A - alpha * _from.A) * averaged.Select((weight, k) => weight * _mixture.Means[k][j]).Sum())];
    }

    /// <summary>Qy and what all means have besides, at the segment's start.</summary>
    public double[] LiftCoordinates(double[] y)
    {
        double[] rest = [.. _mixture.Means[0]];
        foreach (double[] axis in _axes) rest = Sum(rest, [.. axis.Select(value => -value * Dot(axis, [.. _mixture.Means[0]]))]);
        return Sum(Lift(y), [.. rest.Select(value => _from.A * value)]);
    }

    /// <summary>Qᵀx.</summary>
    public double[] Coordinates(double[] x) => [.. _axes.Select(axis => Dot(axis, x))];

    private double[] Lift(double[] y)
    {
        double[] lifted = new double[_d];
        for (int i = 0; i < y.Length; i++) lifted = Sum(lifted, [.. _axes[i].Select(value => value * y[i])]);
        return lifted;
    }

    private double[] Network(double[] parameters, double[] input)
    {
        int at = 0;
        for (int layer = 0; layer <= _shape.Depth; layer++)
        {
            int inputs = input.Length, outputs = _shape.OutputsOf(layer);
            double[] output = new double[outputs];
            for (int o = 0; o < outputs; o++)
            {
                output[o] = parameters[at + outputs * inputs + o];
                for (int j = 0; j < inputs; j++) output[o] += parameters[at + o * inputs + j] * input[j];
            }
            at += outputs * inputs + outputs;
            input = layer == _shape.Depth ? output : [.. output.Select(z => Activate(layer, z))];
        }
        Assert.Equal(parameters.Length, at);
        return input;
    }

    private double Activate(int layer, double z) => _shape.Activation switch
    {
        Activation.ReLU => Math.Max(0, z),
        Activation.ReQU => Math.Max(0, z) * Math.Max(0, z),
        // The first layer is the odd one.
        Activation.Alternating => layer % 2 == 0 ? Math.Max(0, z) : Math.Max(0, z) * Math.Max(0, z),
        _ => z / (1 + Math.Exp(-z)),
    };

    private static double[] Softmax(double[] logits)
    {
        double[] powers = [.. logits.Select(logit => Math.Exp(logit - logits.Max()))];
        return [.. powers.Select(power => power / powers.Sum())];
    }

    private static double[] Sum(double[] left, double[] right) => [.. left.Zip(right, (x, y) => x + y)];

    private static double Dot(double[] left, double[] right) => left.Zip(right, (x, y) => x * y).Sum();
}
