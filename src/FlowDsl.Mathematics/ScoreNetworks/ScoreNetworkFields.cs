namespace FlowDsl.Mathematics.ScoreNetworks;

/// <summary>Logits, responsibilities and score as units, from the network's functions of t.</summary>
internal sealed class ScoreNetworkFields(NetworkBuilder builder, Mixture mixture, NetworkClock clock, ScoreNetworkPrecision precision)
{
    private readonly int _d = mixture.Dimension;
    private readonly double[] _centre = ScoreNetworkBound.Centre(mixture);

    /// <summary>The d coordinates of the score.</summary>
    public AffineForm[] Score(AffineForm[] x)
    {
        // Pure noise, with one variance for all components.
        if (clock.Signal is { IsConstant: true, Constant: 0 }) return [.. x.Select(coordinate => -clock.Spreads.Values.First().Inverse.Constant * coordinate)];
        return mixture.Count == 1 ? Gaussian(x) : mixture.HasSharedCovariance ? Shared(x) : Unequal(x);
    }

    private AffineForm[] Gaussian(AffineForm[] x)
    {
        Covariance covariance = mixture.Covariances[0];
        AffineForm[] along = Along(covariance, x, clock.Signal);
        (builder.Floor, builder.Purpose) = (1 + clock.Level, "term");
        return Back(
            covariance,
            [.. along.Select((coordinate, i)
                => -1 * builder.Product(InverseAfter(clock.Level, covariance.Variances[i]), coordinate, 4 * Math.Sqrt(covariance.Variances[i]) + 1))]);
    }

    private AffineForm[] Shared(AffineForm[] x)
    {
        Covariance covariance = mixture.Covariances[0];
        // Along the principal axes, relative to the centre of the means.
        AffineForm[] along = Along(covariance, x, clock.Signal);
        double[][] means = [.. mixture.Means.Select(mean => Along(covariance, mean))];
        Dictionary<double, Rate> rates = covariance.Variances.Distinct().ToDictionary(variance => variance, Rates);

        // a/λ x, whose sums are the logits; all at once, because a rate needs fewer units to carry.
        builder.Purpose = "pull";
        builder.Floor = 1 + Math.Max(clock.Level, rates.Values.Max(rate => builder.LevelOf(rate.Now)));
        AffineForm[] pulls =
            [.. along.Select((coordinate, i) => Differ(i) ? builder.Product(rates[covariance.Variances[i]].Now, coordinate, Reach(i)) : AffineForm.Of(0))];
        var logits = new AffineForm[mixture.Count];
        for (int k = 0; k < logits.Length; k++)
        {
            AffineForm logit = AffineForm.Of(mixture.LogWeights[k]);
            foreach (IGrouping<double, int> axes in Enumerable.Range(0, _d).Where(Differ).GroupBy(i => covariance.Variances[i]))
            {
                foreach (int i in axes) logit += means[k][i] * pulls[i];
                // Two means are equally far from their centre.
                if (mixture.Count > 2) logit -= 0.5 * axes.Sum(i => means[k][i] * means[k][i]) * rates[axes.Key].Squared;
            }
            logits[k] = logit;
        }
        (AffineForm[] shares, AffineForm common) =
            NetworkFunctions.Softmax(builder, logits, precision.Clip, precision.SoftmaxDoublings, precision.SoftmaxFactors);

        // (a/λ) times the mean of the means minus x/λ; both only when the responsibilities are known.
        (builder.Floor, builder.Purpose) = (1 + shares.Max(builder.LevelOf), "term");
        AffineForm[] axesOfScore = new AffineForm[_d];
        for (int i = 0; i < _d; i++)
        {
            double variance = covariance.Variances[i];
            AffineForm rate = rates[variance].Kept, own = AffineForm.Of(0);
            if (rate.IsConstant)
            {
                // A common offset of the responsibilities cancels: the means add up to 0.
                if (Differ(i)) for (int k = 0; k < mixture.Count; k++) own += rate.Constant * means[k][i] * shares[k];
            }
            else if (Differ(i))
            {
                double least = means.Min(mean => mean[i]), greatest = means.Max(mean => mean[i]);
                AffineForm mean = AffineForm.Of(0);
                for (int k = 0; k < mixture.Count; k++) mean += (means[k][i] - least) * (shares[k] - common);
                own = builder.Product(rate, mean.Within(0, greatest - least) with { Low = 0 }) + least * rate;
            }
            axesOfScore[i] = own - builder.Product(clock.Spreads[variance].Kept, along[i], Reach(i));
        }
        return Back(covariance, axesOfScore);

        bool Differ(int i) => means.Any(mean => mean[i] != means[0][i]);

        double Reach(int i) => 2 * means.Max(mean => Math.Abs(mean[i])) + 4 * Math.Sqrt(covariance.Variances[i]) + 1;
    }

    private Rate Rates(double variance)
    {
        (builder.Floor, builder.Purpose) = (1 + clock.Level, "rate");
        AffineForm kept = clock.Spreads[variance].Kept, inverse = InverseAfter(clock.Level, variance);
        AffineForm now = builder.Product(clock.Signal, inverse);
        if (clock.Signal.IsConstant) return new Rate(now, clock.Signal.Constant * kept, clock.SquaredSignal.Constant * kept);
        return new Rate(now, builder.Condense(now), builder.Product(clock.SquaredSignal, inverse));
    }

    // The reciprocal in one unit, if it is known by then.
    private AffineForm InverseAfter(int level, double variance)
    {
        NetworkClock.Spread spread = clock.Spreads[variance];
        return builder.LevelOf(spread.Kept) <= level ? spread.Kept : spread.Inverse;
    }

    private AffineForm[] Unequal(AffineForm[] x)
    {
        AffineForm[] logits = clock.Spreads.Values.All(spread => spread.Inverse.IsConstant) ? QuadraticLogits(x) : TimedLogits(x);
        // All of them are negative: one unit carries each.
        double greatest = logits.Max(logit => logit.High) + 0.25;
        (AffineForm[] shares, AffineForm common) = NetworkFunctions.Softmax(
            builder, [.. logits.Select(logit => logit - greatest)], precision.Clip, precision.SoftmaxDoublings, precision.SoftmaxFactors);
        AffineForm[] responsibilities = [.. shares.Select(share => (share - common).Within(0, 1) with { Low = 0 })];
        (builder.Floor, builder.Purpose) = (1 + responsibilities.Max(builder.LevelOf), "term");
        return IsAligned || mixture.Count > _d ? ByMatrix(x, responsibilities) : ByComponent(x, responsibilities);
    }

    // At one time, quadratic functions: of the squares of the coordinates, of those and of sums of two, or of each component's own coordinates,
    // whichever are fewest.
    private AffineForm[] QuadraticLogits(AffineForm[] x)
    {
        double signal = clock.Signal.Constant;
        AffineForm[] centred = Centred(x);
        builder.Purpose = "square";
        bool isAligned = IsAligned, isOwn = !isAligned && mixture.Count <= 2 * _d;
        var squares = new AffineForm[_d, _d];
        if (!isOwn)
            for (int i = 0; i < _d; i++)
                for (int j = i; j < (isAligned ? i + 1 : _d); j++) squares[i, j] = builder.Square(i == j ? centred[i] : centred[i] + centred[j]);
        return [.. mixture.Covariances.Select((covariance, k) =>
        {
            double[] mean = Along(covariance, mixture.Means[k]);
            AffineForm logit = AffineForm.Of(mixture.LogWeights[k] - 0.5 * covariance.Variances.Sum(variance => clock.Spreads[variance].Logarithm!.Constant));
            double greatest = logit.Constant;
            if (isOwn)
            {
                AffineForm[] along = Along(covariance, x, clock.Signal);
                for (int i = 0; i < _d; i++)
                    logit -= 0.5 * clock.Spreads[covariance.Variances[i]].Inverse.Constant * builder.Square(along[i] - signal * mean[i]);
                return logit with { High = greatest };
            }
            // (y - m)'A(y - m), with 2 y_i y_j = (y_i + y_j)² - y_i² - y_j².
            for (int i = 0; i < _d; i++)
            {
                double pull = 0, rest = 0;
                for (int j = 0; j < _d; j++)
                {
                    double entry = 0;
                    for (int axis = 0; axis < _d; axis++)
                        entry += Axis(covariance, i, axis) * Axis(covariance, j, axis) * clock.Spreads[covariance.Variances[axis]].Inverse.Constant;
                    pull += entry * (mixture.Means[k][j] - _centre[j]) * signal;
                    rest += i == j ? entry : -entry;
                    if (i < j && !isAligned) logit -= 0.5 * entry * squares[i, j];
                }
                logit = logit - 0.5 * rest * squares[i, i] + pull * centred[i] - 0.5 * pull * signal * (mixture.Means[k][i] - _centre[i]);
            }
            return logit with { High = greatest };
        })];
    }

    // Square as late as the last logarithm allows: x needs fewer units to carry.
    private AffineForm[] TimedLogits(AffineForm[] x)
    {
        AffineForm signal = clock.Signal;
        double reach = Reach;
        int level = Math.Max(clock.Level, clock.Spreads.Values.Max(spread => builder.LevelOf(spread.Logarithm!)) - 1);
        (builder.Floor, builder.Purpose) = (0, "logarithm");
        Dictionary<double, AffineForm> logarithms = clock.Spreads.ToDictionary(own => own.Key, own =>
        {
            AffineForm logarithm = own.Value.Logarithm!;
            return logarithm.IsConstant || builder.LevelOf(logarithm) > level ? logarithm : builder.Rectify(logarithm - logarithm.Low) + logarithm.Low;
        });
        return [.. mixture.Covariances.Select((covariance, k) =>
        {
            double[] mean = Along(covariance, mixture.Means[k]);
            AffineForm[] along = Along(covariance, x, signal);
            AffineForm logit = AffineForm.Of(mixture.LogWeights[k]);
            foreach (IGrouping<double, int> axes in Enumerable.Range(0, _d).GroupBy(i => covariance.Variances[i]))
            {
                AffineForm inverse = InverseAfter(level, axes.Key), square = AffineForm.Of(0);
                (builder.Floor, builder.Purpose) = (inverse.IsConstant ? level + 1 : level, "square");
                foreach (int i in axes) square += builder.Square(along[i] - mean[i] * signal);
                builder.Purpose = "logit";
                logit = logit - 0.5 * builder.Product(square, inverse, reach * reach) - 0.5 * axes.Count() * logarithms[axes.Key];
            }
            return logit;
        })];
    }

    // Σ r C⁻¹(μ - c) - (Σ r C⁻¹)(x - c), both affine in r/λ.
    private AffineForm[] ByMatrix(AffineForm[] x, AffineForm[] responsibilities)
    {
        AffineForm[] matrix = Zeros(_d * _d), pull = Zeros(_d);
        for (int k = 0; k < mixture.Count; k++)
        {
            Covariance covariance = mixture.Covariances[k];
            double[] mean = Along(covariance, mixture.Means[k]);
            foreach ((IGrouping<double, int> axes, AffineForm share) in Shares(covariance, responsibilities[k]))
                for (int i = 0; i < _d; i++)
                {
                    pull[i] += axes.Sum(axis => Axis(covariance, i, axis) * mean[axis]) * share;
                    for (int j = 0; j < _d; j++) matrix[i * _d + j] += axes.Sum(axis => Axis(covariance, i, axis) * Axis(covariance, j, axis)) * share;
                }
        }
        builder.Floor = 1 + matrix.Concat(pull).Max(builder.LevelOf);
        // If nothing multiplies the pulls, carry them or their summands.
        if (clock.Signal.IsConstant && 2 * pull.Count(own => !own.IsConstant) <= pull.SelectMany(own => own.Terms).Select(term => term.Unit).Distinct().Count())
            pull = [.. pull.Select(builder.Keep)];
        AffineForm[] centred = Centred(x);
        var score = new AffineForm[_d];
        double bound = clock.Spreads.Values.Max(own => own.Inverse.High), reach = Reach;
        for (int i = 0; i < _d; i++)
        {
            score[i] = builder.Product(clock.Signal, pull[i]);
            for (int j = 0; j < _d; j++)
            {
                AffineForm entry = matrix[i * _d + j];
                entry = i == j ? entry.Within(0, bound) : entry.Within(-bound, bound);
                score[i] -= builder.Product(entry, centred[j], reach);
            }
        }
        return score;
    }

    // Σ (r/λ) times the components' own coordinates: fewer products than with the matrix if there are few components.
    private AffineForm[] ByComponent(AffineForm[] x, AffineForm[] responsibilities)
    {
        AffineForm[] score = Zeros(_d);
        (Covariance Covariance, double[] Mean, AffineForm[] Along, (IGrouping<double, int> Axes, AffineForm Share)[] Shares)[] components =
            [.. mixture.Covariances.Select((covariance, k)
                => (covariance, Along(covariance, mixture.Means[k]), Along(covariance, x, clock.Signal), Shares(covariance, responsibilities[k])))];
        builder.Floor = 1 + components.SelectMany(own => own.Shares).Max(own => builder.LevelOf(own.Share));
        foreach (var own in components)
            foreach ((IGrouping<double, int> axes, AffineForm share) in own.Shares)
                foreach (int axis in axes)
                {
                    AffineForm product = builder.Product(share, own.Along[axis] - own.Mean[axis] * clock.Signal, Reach);
                    for (int j = 0; j < _d; j++) score[j] -= Axis(own.Covariance, j, axis) * product;
                }
        return score;
    }

    // r/λ, by the variances of a component.
    private (IGrouping<double, int> Axes, AffineForm Share)[] Shares(Covariance covariance, AffineForm responsibility)
    {
        AffineForm? kept = null;
        return [.. Enumerable.Range(0, _d).GroupBy(i => covariance.Variances[i]).Select(axes =>
        {
            AffineForm inverse = clock.Spreads[axes.Key].Kept;
            if (inverse.IsConstant && clock.Level > 0) return (axes, inverse.Constant * (kept ??= builder.Keep(responsibility)));
            return (axes, builder.Product(responsibility, inverse));
        })];
    }

    private static AffineForm[] Zeros(int count) => [.. Enumerable.Repeat(AffineForm.Of(0), count)];

    private bool IsAligned => mixture.Covariances.All(covariance => Basis(covariance) is null);

    private double Reach
        => 1 + 4 * Math.Sqrt(mixture.Covariances.Max(covariance => covariance.MaxVariance))
        + 2 * mixture.Means.SelectMany(mean => mean.Select((value, j) => Math.Abs(value - _centre[j]))).Max();

    private AffineForm[] Centred(AffineForm[] x) => [.. x.Select((coordinate, j) => coordinate - _centre[j] * clock.Signal)];

    // An isotropic covariance is diagonal in any basis.
    private static ImmutableArray<double>? Basis(Covariance covariance) => covariance.IsIsotropic ? null : covariance.Basis;

    private double Axis(Covariance covariance, int coordinate, int axis)
        => Basis(covariance) is { } basis ? basis[coordinate * _d + axis] : coordinate == axis ? 1 : 0;

    private double[] Along(Covariance covariance, ImmutableArray<double> mean)
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
        if (Basis(covariance) is null) return axes;
        return [.. Enumerable.Range(0, _d).Select(j => axes.Select((value, axis) => Axis(covariance, j, axis) * value).Aggregate((sum, value) => sum + value))];
    }

    /// <summary>a/λ and a²/λ.</summary>
    /// <param name="Now">a/λ.</param>
    /// <param name="Kept">The same one layer later, in one unit.</param>
    /// <param name="Squared">a²/λ.</param>
    private sealed record Rate(AffineForm Now, AffineForm Kept, AffineForm Squared);
}
