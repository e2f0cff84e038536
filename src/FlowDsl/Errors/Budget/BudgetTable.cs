using System.Globalization;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Errors.Budget;

/// <summary>A budget as text.</summary>
internal static class BudgetTable
{
    public static void Write(ErrorBudget budget, TextWriter writer)
    {
        writer.WriteLine($"{"segment",-26} {"local error",12} {"amplified",10} {"contribution",13} {"first order",12} {"share",8} {"error so far",13}");
        for (int j = 0; j < budget.Segments.Count; j++)
        {
            SegmentBudget segment = budget.Segments[j];
            string amplified = string.Create(CultureInfo.InvariantCulture, $"×{segment.Amplification:G3}");
            // No "-0.0 %".
            double share = Math.Round(segment.Share, 3) + 0.0;
            string times = $"{j,3}  {PortableNumber.Format(segment.From, 4)} to {PortableNumber.Format(segment.To, 4)}";
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{times,-26} {segment.LocalError,12:0.00E+0} {amplified,10} {segment.Contribution,13:0.00E+0} {segment.FirstOrderContribution,12:0.00E+0} " +
                $"{share,8:P1} {segment.CumulativeError,13:0.00E+0}"));
        }
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"At the end of {budget.SampleCount} samples: relative MSE {budget.RelativeMeanSquaredError:0.00E+0}, " +
            $"to first order {budget.PredictedRelativeMeanSquaredError:0.00E+0}; median error {budget.MedianError:0.00E+0}; " +
            $"{budget.FlipShare:P2} in another mode."));
    }
}
