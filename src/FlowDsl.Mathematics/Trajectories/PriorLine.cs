using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Mathematics.Trajectories;

/// <summary>A point of a mixture under a process, on a line through it: along the line one coordinate of the component's normal varies.</summary>
/// <remarks>A point's place is the value of the normal distribution function at that coordinate, so that equal lengths of place are equally likely.</remarks>
internal sealed class PriorLine
{
    private readonly Mixture _mixture;
    private readonly ProcessPoint _at;
    private readonly int _component, _index;
    private readonly double[] _normal;
    private double[]? _direction;

    /// <summary>Makes a line.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="at">The process at the time.</param>
    /// <param name="component">The component.</param>
    /// <param name="normal">The standard normal coordinates of the point, along the component's principal axes.</param>
    /// <param name="index">The point's number, which decides the line's direction.</param>
    public PriorLine(Mixture mixture, ProcessPoint at, int component, double[] normal, int index)
        => (_mixture, _at, _component, _normal, _index) = (mixture, at, component, normal, index);

    /// <summary>The point's own place, between 0 and 1.</summary>
    public double Place => NormalTail.Of(-Along());

    private double[] Direction => _direction ??= FindDirection();

    /// <summary>The point itself.</summary>
    public double[] Point() => Point(_normal);

    /// <summary>The point at a place.</summary>
    /// <param name="place">The place, between 0 and 1.</param>
    public double[] Point(double place)
    {
        double move = PortableMath.NormalQuantile(place) - Along();
        return Point([.. _normal.Select((value, j) => value + move * Direction[j])]);
    }

    /// <summary>A place between two others, drawn at random.</summary>
    /// <param name="from">The smaller place.</param>
    /// <param name="to">The larger place.</param>
    /// <param name="draw">The number of the draw: others are independent.</param>
    public double Between(double from, double to, int draw) => from + (to - from) * SplitMix.Uniform(_index, 2 * _normal.Length + draw);

    private double Along() => _normal.Select((value, j) => value * Direction[j]).Sum();

    private double[] FindDirection()
    {
        double[] direction = [.. Enumerable.Range(0, _normal.Length).Select(j => PortableMath.NormalQuantile(SplitMix.Uniform(_index, _normal.Length + j)))];
        double length = Math.Sqrt(direction.Sum(value => value * value));
        return [.. direction.Select(value => value / length)];
    }

    private double[] Point(double[] normal)
    {
        int d = _mixture.Dimension;
        Covariance covariance = _mixture.Covariances[_component];
        double[] x = new double[d], deviation = new double[d];
        for (int j = 0; j < d; j++) deviation[j] = Math.Sqrt(_at.Spread(covariance.Variances[j])) * normal[j];
        for (int j = 0; j < d; j++)
        {
            x[j] = _at.A * _mixture.Means[_component][j];
            if (covariance.Basis is not { } basis)
            {
                x[j] += deviation[j];
            }
            else
            {
                for (int axis = 0; axis < d; axis++) x[j] += basis[j * d + axis] * deviation[axis];
            }
        }
        return x;
    }
}
