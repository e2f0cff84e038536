using System.Text.Json;
using FlowDsl.Tests.Hosted;

namespace FlowDsl.Tests;

public class BudgetTests
{
    [Fact]
    public void FiguresAreThoseOfTheLibrary()
    {
        var expected = ErrorBudget.Measure<TwoModes.Fast, float>(300, 7);
        JsonElement json = CommandLine.Run("budget TwoModes.Fast -n 300 --seed 7 --json").Json();
        Assert.Equal(expected.RelativeMeanSquaredError, json.GetProperty("relativeMeanSquaredError").GetDouble());
        JsonElement[] segments = [.. json.GetProperty("segments").EnumerateArray()];
        Assert.Equal(8, segments.Length);
        Assert.Equal(
            expected.Segments.Select(segment => (segment.From, segment.To, segment.LocalError, segment.Contribution, segment.Share)),
            segments.Select(segment => (
                segment.GetProperty("from").GetDouble(), segment.GetProperty("to").GetDouble(), segment.GetProperty("localError").GetDouble(),
                segment.GetProperty("contribution").GetDouble(), segment.GetProperty("share").GetDouble())));
        // The shares are of the whole.
        Assert.Equal(1, segments.Sum(segment => segment.GetProperty("share").GetDouble()), 1e-9);
        Assert.Equal(expected.ToString().TrimEnd() + "\n", CommandLine.Run("budget TwoModes.Fast -n 300 --seed 7").Done().Output);
    }

    [Theory]
    [InlineData(2, "budget TwoModes.Slow", "There is no sampler 'Slow'")]
    [InlineData(2, "budget TwoModes.Fast -n 1.5", "-n is '1.5'")]
    [InlineData(1, "budget TwoModes.Learned", "has no weights yet")]
    public void BadUsageIsNamed(int code, string words, string expected) => CommandLine.Run(words).Fails(code, expected);

    [Fact]
    public void CancelledSaysSo()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        CommandLine.Run("budget TwoModes.Fast -n 1e6", cancellation.Token).Fails(130, "Cancelled");
    }
}
