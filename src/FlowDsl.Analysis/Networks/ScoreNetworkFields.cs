namespace FlowDsl.Analysis;

/// <summary>Logits, responsibilities and score as units, from what is known of t.</summary>
internal sealed class ScoreNetworkFields(NetworkBuilder builder, Mixture mixture, NetworkClock clock, ScoreNetworkPrecision precision)
{
    private readonly int _d = mixture.Dimension;
    private readonly double[] _centre = ScoreNetworkBound.Centre(mixture);

    /// <summary>The d coordinates of the score.</summary>
    public AffineForm[] Score(AffineForm[] x) => mixture.HasSharedCovariance ? Shared(x) : Unequal(x);

    private AffineForm[] Shared(AffineForm[] x)
    {
        Covariance covariance = mixture.Covariances[0];
        // Along the principal axes, from the middle of the means.
        AffineForm[] along = Along(covariance, x, clock.Signal);
        double[][] means = [.. mixture.Means.Select(mean => Along(covariance, mean))];
        AffineForm[] inverses = [.. covariance.Variances.Select(variance => clock.Spreads[variance].Inverse)];
        builder.Floor = 0;
        Dictionary<AffineForm, AffineForm> rates = [], squaredRates = [];
        foreach (AffineForm inverse in inverses.Distinct())
        {
            rates[inverse] = builder.Product(clock.Signal, inverse);
            squaredRates[inverse] = builder.Product(clock.SquaredSignal, inverse);
        }
        AffineForm[] kept = Kept(inverses);
        AffineForm[] keptRates = Kept([.. inverses.Select(inverse => rates[inverse])]);

        // a/λ x, of which the logits are sums.
        AffineForm[] responsibilities = [AffineForm.Of(1)];
        if (mixture.Count > 1)
        {
            AffineForm[] pulls = [.. along.Select((coordinate, i) => IsNeeded(i) ? builder.Product(rates[inverses[i]], coordinate, Reach(i)) : AffineForm.Of(0))];
            var logits = new AffineForm[mixture.Count];
            for (int k = 0; k < logits.Length; k++)
            {
                AffineForm logit = AffineForm.Of(mixture.LogWeights[k]);
                var squares = new Dictionary<AffineForm, double>();
                for (int i = 0; i < _d; i++)
                {
                    logit += means[k][i] * pulls[i];
                    squares[inverses[i]] = (squares.TryGetValue(inverses[i], out double before) ? before : 0) + means[k][i] * means[k][i];
                }
                foreach (KeyValuePair<AffineForm, double> square in squares) logit -= 0.5 * square.Value * squaredRates[square.Key];
                logits[k] = logit;
            }
            responsibilities = NetworkFunctions.Softmax(builder, logits, precision.Clip, precision.SoftmaxDoublings, precision.SoftmaxFactors);
        }

        // (a/λ) times the mean of the means less x/λ; both as late as the responsibilities are known.
        builder.Floor = 1 + responsibilities.Max(builder.LevelOf);
        AffineForm[] axes = new AffineForm[_d];
        for (int i = 0; i < _d; i++)
        {
            AffineForm mean = AffineForm.Of(0);
            double least = means.Min(own => own[i]), greatest = means.Max(own => own[i]);
            for (int k = 0; k < mixture.Count; k++) mean += (means[k][i] - least) * responsibilities[k];
            mean = mean.Within(0, greatest - least);
            axes[i] = builder.Product(keptRates[i], mean) + least * keptRates[i] - builder.Product(kept[i], along[i], Reach(i));
        }
        return Back(covariance, axes);

        bool IsNeeded(int i) => means.Any(mean => mean[i] != 0);

        double Reach(int i) => 2 * means.Max(mean => Math.Abs(mean[i])) + 4 * Math.Sqrt(covariance.Variances[i]) + 1;
    }

    private AffineForm[] Unequal(AffineForm[] x)
    {
        AffineForm signal = clock.Signal;
        double spread = Math.Sqrt(mixture.Covariances.Max(covariance => covariance.Greatest)), reach = 1 + 4 * spread + 2 * mixture.Means.SelectMany(mean => mean.Select((value, j) => Math.Abs(value - _centre[j]))).Max();
        var logits = new AffineForm[mixture.Count];
        builder.Floor = clock.Level;
        for (int k = 0; k < logits.Length; k++)
        {
            Covariance covariance = mixture.Covariances[k];
            double[] mean = Along(covariance, mixture.Means[k]);
            AffineForm[] along = Along(covariance, x, signal);
            AffineForm logit = AffineForm.Of(mixture.LogWeights[k]);
            foreach (IGrouping<double, int> axes in Enumerable.Range(0, _d).GroupBy(i => covariance.Variances[i]))
            {
                AffineForm square = AffineForm.Of(0);
                foreach (int i in axes) square += builder.Square(along[i] - mean[i] * signal);
                (AffineForm inverse, AffineForm? logarithm) = clock.Spreads[axes.Key];
                logit = logit - 0.5 * builder.Product(square, inverse, reach * reach) - 0.5 * axes.Count() * logarithm!;
            }
            logits[k] = logit;
        }
        builder.Floor = 0;
        Dictionary<double, AffineForm> kept = clock.Spreads.ToDictionary(own => own.Key, own => builder.Keep(own.Value.Inverse));
        AffineForm keptSignal = builder.Keep(signal);
        AffineForm[] responsibilities = NetworkFunctions.Softmax(builder, logits, precision.Clip, precision.SoftmaxDoublings, precision.SoftmaxFactors);

        // Σ r C⁻¹ and Σ r C⁻¹(μ - c), affine in r/λ.
        builder.Floor = 1 + responsibilities.Max(builder.LevelOf);
        var matrix = new AffineForm[_d * _d];
        var pull = new AffineForm[_d];
        for (int i = 0; i < matrix.Length; i++) matrix[i] = AffineForm.Of(0);
        for (int i = 0; i < _d; i++) pull[i] = AffineForm.Of(0);
        for (int k = 0; k < mixture.Count; k++)
        {
            Covariance covariance = mixture.Covariances[k];
            double[] mean = Along(covariance, mixture.Means[k]);
            foreach (IGrouping<double, int> axes in Enumerable.Range(0, _d).GroupBy(i => covariance.Variances[i]))
            {
                AffineForm share = builder.Product(responsibilities[k], kept[axes.Key]);
                for (int i = 0; i < _d; i++)
                {
                    double own = 0;
                    foreach (int axis in axes) own += Axis(covariance, i, axis) * mean[axis];
                    pull[i] += own * share;
                    for (int j = 0; j < _d; j++)
                    {
                        double entry = 0;
                        // All axes together are the whole space, whatever their directions.
                        if (covariance.IsIsotropic) entry = i == j ? 1 : 0;
                        else foreach (int axis in axes) entry += Axis(covariance, i, axis) * Axis(covariance, j, axis);
                        matrix[i * _d + j] += entry * share;
                    }
                }
            }
        }
        builder.Floor = 1 + matrix.Concat(pull).Max(builder.LevelOf);
        AffineForm[] centred = [.. x.Select((coordinate, j) => coordinate - _centre[j] * keptSignal)];
        var score = new AffineForm[_d];
        for (int i = 0; i < _d; i++)
        {
            score[i] = builder.Product(keptSignal, pull[i]);
            for (int j = 0; j < _d; j++)
            {
                AffineForm entry = matrix[i * _d + j];
                double bound = 1 / clock.Spreads.Values.Min(own => 1 / own.Inverse.High);
                entry = i == j ? entry.Within(0, bound) : entry.Within(-bound, bound);
                score[i] -= builder.Product(entry, centred[j], reach);
            }
        }
        return score;
    }

    // An isotropic covariance is given in the coordinates.
    private double Axis(Covariance covariance, int coordinate, int axis) => covariance.Basis is { } basis ? basis[coordinate * _d + axis] : coordinate == axis ? 1 : 0;

    private double[] Along(Covariance covariance, double[] mean)
        => [.. Enumerable.Range(0, _d).Select(axis => Enumerable.Range(0, _d).Sum(j => Axis(covariance, j, axis) * (mean[j] - _centre[j])))];

    private AffineForm[] Along(Covariance covariance, AffineForm[] x, AffineForm signal)
    {
        var along = new AffineForm[_d];
        for (int axis = 0; axis < _d; axis++)
        {
            AffineForm sum = AffineForm.Of(0);
            double middle = 0;
            for (int j = 0; j < _d; j++)
            {
                sum += Axis(covariance, j, axis) * x[j];
                middle += Axis(covariance, j, axis) * _centre[j];
            }
            along[axis] = sum - middle * signal;
        }
        return along;
    }

    private AffineForm[] Back(Covariance covariance, AffineForm[] axes)
    {
        if (covariance.Basis is null) return axes;
        return [.. Enumerable.Range(0, _d).Select(j => axes.Select((value, axis) => Axis(covariance, j, axis) * value).Aggregate((sum, value) => sum + value))];
    }

    private AffineForm[] Kept(AffineForm[] forms)
    {
        var kept = new Dictionary<AffineForm, AffineForm>();
        foreach (AffineForm form in forms)
            if (!kept.ContainsKey(form)) kept[form] = builder.Keep(form);
        return [.. forms.Select(form => kept[form])];
    }
}
