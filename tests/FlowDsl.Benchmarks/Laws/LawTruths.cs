using FlowDsl.Mathematics;

namespace FlowDsl.Benchmarks;

/// <summary>Divergences KL(q‖p) without a derivative of the sampler.</summary>
internal static class LawTruths
{
    /// <summary>One Gaussian in the plane: the sampler is affine, and q is the Gaussian that its images of three points say.</summary>
    public static double OfGaussian<TSampler>()
        where TSampler : IFlowSampler<TSampler, float>
    {
        GaussianMixtureModel model = TSampler.Descriptor.Model;
        // Far points, so that rounding does not count.
        const float far = 64;
        float[] images = [0, 0, far, 0, 0, far];
        TSampler.Integrate(images);
        double a = (images[2] - images[0]) / far, b = (images[4] - images[0]) / far, c = (images[3] - images[1]) / far, d = (images[5] - images[1]) / far;

        (double[] m, double[] s) = Law(model, model.Process.At(model.Process.Horizon));
        (double[] mu, double[] p) = Law(model, model.Process.At(model.Process.EarlyStop));
        double x = a * m[0] + b * m[1] + images[0] - mu[0], y = c * m[0] + d * m[1] + images[1] - mu[1];
        double[] left = [a * s[0] + b * s[1], a * s[1] + b * s[2], c * s[0] + d * s[1], c * s[1] + d * s[2]];
        double xx = left[0] * a + left[1] * b, xy = left[0] * c + left[1] * d, yy = left[2] * c + left[3] * d;
        double own = xx * yy - xy * xy, target = p[0] * p[2] - p[1] * p[1];
        // ½ (tr P⁻¹Q + δᵀP⁻¹δ - 2 + log det P/det Q)
        double trace = (p[2] * (xx + x * x) - 2 * p[1] * (xy + x * y) + p[0] * (yy + y * y)) / target;
        return 0.5 * (trace - 2 + Math.Log(target / own));

        static (double[] Mean, double[] Covariance) Law(GaussianMixtureModel model, ProcessPoint point)
        {
            ReadOnlySpan<double> matrix = model.Mixture.Covariances[0].Matrix.AsSpan();
            double squared = point.A * point.A;
            double[] mean = [.. model.Mixture.Means[0].Select(value => point.A * value)];
            return (mean, [squared * matrix[0] + point.S2, squared * matrix[1], squared * matrix[3] + point.S2]);
        }
    }

    /// <summary>On the line ∫ p_T(x) (log p_T(x) - log f′(x) - log p(f(x))) dx, f′ by differences of f on a dense grid.</summary>
    public static double OnTheLine<TSampler>()
        where TSampler : IFlowSampler<TSampler, double>
    {
        GaussianMixtureModel model = TSampler.Descriptor.Model;
        const int count = 200_001;
        const double reach = 9, step = 2 * reach / (count - 1);
        double[] starts = [.. Enumerable.Range(0, count).Select(i => i * step - reach)], ends = [.. starts];
        TSampler.Integrate(ends);
        double sum = 0;
        for (int i = 1; i + 1 < count; i++)
        {
            double log = model.LogDensity(model.Process.Horizon, starts.AsSpan(i, 1)), slope = (ends[i + 1] - ends[i - 1]) / (2 * step);
            sum += Math.Exp(log) * (log - Math.Log(slope) - model.LogDensity(model.Process.EarlyStop, ends.AsSpan(i, 1)));
        }
        return sum * step;
    }
}
