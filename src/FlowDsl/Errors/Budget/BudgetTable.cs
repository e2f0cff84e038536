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
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Times(j, segment),-26} {segment.LocalError,12:0.00E+0} {amplified,10} {segment.Contribution,13:0.00E+0} " +
                $"{segment.FirstOrderContribution,12:0.00E+0} {Rounded(segment.Share),8:P1} {segment.CumulativeError,13:0.00E+0}"));
        }
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"At the end of {budget.SampleCount} samples: relative MSE {budget.RelativeMeanSquaredError:0.00E+0}, " +
            $"to first order {budget.PredictedRelativeMeanSquaredError:0.00E+0}; median error {budget.MedianError:0.00E+0}; " +
            $"{budget.FlipShare:P2} in another mode."));
    }

    public static void Write(FieldErrorBudget budget, TextWriter writer)
    {
        writer.WriteLine(
            $"{"segment",-26} {"solver",10} {"at the end",11} {"share",8} {"network",10} {"at the end",11} {"share",8} {"doubt",10} {"error so far",13}");
        for (int j = 0; j < budget.Segments.Count; j++)
        {
            FieldSegmentBudget segment = budget.Segments[j];
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Times(j, segment.Network),-26} {Part(segment.Solver)} {Part(segment.Network)} {segment.Doubt,10:0.00E+0} " +
                $"{segment.Solver.CumulativeError,13:0.00E+0}"));
        }
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"At the end of {budget.SampleCount} samples: relative MSE {budget.RelativeMeanSquaredError:0.00E+0}; median error {budget.MedianError:0.00E+0}; " +
            $"{budget.FlipShare:P2} in another mode."));
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Solver {budget.SolverRelativeMeanSquaredError:0.00E+0} (share {Rounded(budget.SolverShare):P1}, {budget.SolverFlipShare:P2} in another mode), " +
            $"network {budget.NetworkRelativeMeanSquaredError:0.00E+0} (share {Rounded(budget.NetworkShare):P1}, " +
            $"{budget.NetworkFlipShare:P2} in another mode); " +
            $"the network's own ends are known to {budget.Doubt:0.00E+0}."));

        static string Part(in SegmentBudget own) => string.Create(
            CultureInfo.InvariantCulture, $"{own.LocalError,10:0.00E+0} {own.Contribution,11:0.00E+0} {Rounded(own.Share),8:P1}");
    }

    /// <summary>What is written, as text.</summary>
    public static string Text(Action<TextWriter> write)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        write(writer);
        return writer.ToString();
    }

    private static string Times(int index, in SegmentBudget segment)
        => $"{index,3}  {PortableNumber.Format(segment.From, 4)} to {PortableNumber.Format(segment.To, 4)}";

    // No "-0.0 %".
    private static double Rounded(double share) => Math.Round(share, 3) + 0.0;
}
