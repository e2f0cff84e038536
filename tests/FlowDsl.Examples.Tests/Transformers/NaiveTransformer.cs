using FlowDsl.Examples.Transformers;

namespace FlowDsl.Tests.Transformers;

/// <summary>The time-free transformer, one token after another in double precision, written from its formulas alone.</summary>
internal sealed class NaiveTransformer(TransformerShape shape, double[] parameters)
{
    private int _next;

    /// <summary>The map of one sample.</summary>
    public double[] Apply(double[] x)
    {
        _next = 0;
        (double[][] weights, double[] bias) = Layer(1, shape.Width);
        double[][] positions = Matrix(shape.Width, shape.Tokens);
        double[][] h = [.. x.Select((value, i) => weights.Select((row, c) => row[0] * value + bias[c] + positions[c][i]).ToArray())];
        for (int block = 0; block < shape.Blocks; block++)
        {
            double[] gains = Take(shape.Width), shifts = Take(shape.Width);
            double[][] attended = Attend([.. h.Select(token => Normalize(token, gains, shifts))]);
            h = [.. h.Zip(attended, Sum)];
            (gains, shifts) = (Take(shape.Width), Take(shape.Width));
            (double[][] up, double[] upBias) = Layer(shape.Width, shape.Hidden);
            (double[][] down, double[] downBias) = Layer(shape.Hidden, shape.Width);
            h = [.. h.Select(token => Sum(token, Linear(down, downBias, [.. Linear(up, upBias, Normalize(token, gains, shifts)).Select(Gelu)])))];
        }
        (weights, bias) = Layer(shape.Width, 1);
        return [.. h.Select(token => Linear(weights, bias, token)[0])];
    }

    public static double Gelu(double x) => x * (1 + Erf(x / Math.Sqrt(2))) / 2;

    /// <summary>The error function by its Taylor series, within 1e-8 up to 4.5.</summary>
    public static double Erf(double x)
    {
        double power = x, sum = 0;
        for (int n = 0; Math.Abs(power) > 1e-17; n++)
        {
            sum += power / (2 * n + 1);
            power *= -x * x / (n + 1);
        }
        return 2 / Math.Sqrt(Math.PI) * sum;
    }

    private double[][] Attend(double[][] tokens)
    {
        (double[][] packed, double[] packedBias) = Layer(shape.Width, 3 * shape.Width);
        (double[][] output, double[] outputBias) = Layer(shape.Width, shape.Width);
        double[][] rows = [.. tokens.Select(token => Linear(packed, packedBias, token))];
        double[][] heads = [.. tokens.Select(_ => new double[shape.Width])];
        for (int i = 0; i < tokens.Length; i++)
        {
            for (int head = 0; head < shape.Heads; head++)
            {
                int first = head * shape.HeadWidth;
                double[] query = rows[i][first..(first + shape.HeadWidth)];
                double[] logits = [.. rows.Select(other => Dot(query, other.AsSpan(shape.Width + first, shape.HeadWidth)) / Math.Sqrt(shape.HeadWidth))];
                double most = logits.Max(), sum = 0;
                for (int j = 0; j < logits.Length; j++)
                {
                    double power = Math.Exp(logits[j] - most);
                    sum += power;
                    for (int c = first; c < first + shape.HeadWidth; c++) heads[i][c] += power * rows[j][2 * shape.Width + c];
                }
                for (int c = first; c < first + shape.HeadWidth; c++) heads[i][c] /= sum;
            }
        }
        return [.. heads.Select(token => Linear(output, outputBias, token))];
    }

    private static double[] Normalize(double[] token, double[] gains, double[] shifts)
    {
        double mean = token.Average(), variance = token.Average(value => (value - mean) * (value - mean));
        return [.. token.Select((value, c) => gains[c] * (value - mean) / Math.Sqrt(variance + 1e-5) + shifts[c])];
    }

    private static double[] Linear(double[][] weights, double[] bias, double[] x) => [.. weights.Select((row, i) => Dot(row, x) + bias[i])];

    private static double[] Sum(double[] left, double[] right) => [.. left.Zip(right, (a, b) => a + b)];

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++) sum += left[i] * right[i];
        return sum;
    }

    private (double[][] Weights, double[] Bias) Layer(int inputs, int outputs) => (Matrix(outputs, inputs), Take(outputs));

    private double[][] Matrix(int rows, int columns) => [.. Enumerable.Range(0, rows).Select(_ => Take(columns))];

    private double[] Take(int count) => parameters[_next..(_next += count)];
}
