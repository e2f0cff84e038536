using System.Globalization;

namespace FlowDsl.Hosting.Studies;

/// <summary>A budget as it is asked for: a share of the published steps, or the hours that all may take on this machine.</summary>
/// <param name="Share">The share, in (0, 1]; null if there are hours.</param>
/// <param name="Hours">The hours.</param>
internal sealed record BudgetChoice(double? Share, double Hours = 0)
{
    // A smaller share of the published steps shows nothing.
    private const double LeastShare = 1e-4;

    /// <summary>A hundredth of the steps.</summary>
    public static BudgetChoice Minutes { get; } = new(0.01);

    /// <summary>All steps.</summary>
    public static BudgetChoice Full { get; } = new(1);

    /// <summary>The share with which something takes about as many hours as may be spent, in two digits; all, if there are enough.</summary>
    /// <param name="hours">The hours that a share takes; more for a greater one.</param>
    public double Resolve(Func<double, double> hours)
    {
        if (Share is { } share) return share;
        if (hours(1) <= Hours) return 1;
        double low = LeastShare, high = 1;
        // Not in proportion: some operations are needed whatever the share.
        for (int i = 0; i < 30; i++)
        {
            double middle = Math.Sqrt(low * high);
            if (hours(middle) <= Hours) low = middle;
            else high = middle;
        }
        return double.Parse(low.ToString("0.0E+0", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
