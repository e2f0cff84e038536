using System.Text.RegularExpressions;
using FlowDsl.Figures;

namespace FlowDsl.Generators.Tests;

/// <summary>What README, docs and the examples' READMEs say was measured comes from docs/results, and stands in one place.</summary>
public partial class FigureTests
{
    /// <summary>Numbers that look measured and are not: the page, what it says, and why that cannot go out of date.</summary>
    private static readonly (string Page, string Text, string Reason)[] s_constants =
    [
        ("docs/concepts/model.md", "99.9 % of the probability", "a choice of the stability grids"),
        ("docs/concepts/error-tracking.md", "the 99 % quantile", "names a quantity"),
        ("docs/reference/metrics.md", "95 % confidence interval", "names a quantity"),
        ("docs/diagnostics/FLOW0310.md", "99.9 % of the probability", "a choice of the stability grids"),
        ("docs/diagnostics/FLOW0311.md", "99.9 % of the probability", "a choice of the stability grids"),
        ("docs/diagnostics/FLOW0405.md", "more than 1 % of that of the sampler", "the threshold"),
        ("docs/diagnostics/FLOW0405.md", "At 1 % a measured", "the threshold"),
        ("docs/diagnostics/FLOW0405.md", "1 % of that:", "the threshold"),
        ("docs/diagnostics/FLOW0406.md", "90 % of ∫", "a definition"),
        ("docs/diagnostics/FLOW0406.md", "(5 % lie before it and 5 % after)", "a definition"),
        ("docs/concepts/forms.md", "computed to 2.9e-6 instead of 1.5e-7", "bounds that SimdMathTests asserts"),
    ];

    public static TheoryData<string> Pages => [.. FigurePages.All];

    /// <summary>With FLOWDSL_ACCEPT_SNAPSHOTS=1 the pages are written anew, as "figures" of FlowDsl.Benchmarks does.</summary>
    [Theory]
    [MemberData(nameof(Pages))]
    public void FiguresAreThoseOfTheResultFiles(string page)
    {
        if (Environment.GetEnvironmentVariable("FLOWDSL_ACCEPT_SNAPSHOTS") == "1") FigurePages.Write();
        Assert.Equal(FigurePages.Render(FigurePages.Text(page)), FigurePages.Text(page));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void NumbersThatLookMeasuredComeFromResultFiles(string page)
    {
        string text = FigurePages.Without(FigurePages.Text(page));
        foreach ((_, string constant, _) in s_constants.Where(constant => constant.Page == page))
        {
            Assert.True(text.Contains(constant, StringComparison.Ordinal), $"{page} no longer says '{constant}': take it off the list.");
            text = text.Replace(constant, "", StringComparison.Ordinal);
        }
        Assert.Empty(Measured(text));
    }

    [Fact]
    public void EveryFigureStandsInOnePlace()
    {
        string[] shown =
        [
            .. from page in FigurePages.All
               from key in FigurePages.Keys(FigurePages.Text(page))
               where !key.EndsWith("/" + FigurePages.Made, StringComparison.Ordinal)
               select key,
        ];
        Assert.Equal(FigurePages.Results.Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }

    /// <summary>Markdown takes a line that begins with a comment as HTML: what follows on it would be shown as it is typed.</summary>
    [Theory]
    [MemberData(nameof(Pages))]
    public void AFigureThatBeginsALineIsOnLinesOfItsOwn(string page)
        => Assert.DoesNotMatch(new Regex(@"^<!-- (figures: \S+|end) -->.", RegexOptions.Multiline), FigurePages.Text(page));

    /// <summary>Wherever figures are shown, the page says how they were made.</summary>
    [Theory]
    [MemberData(nameof(Pages))]
    public void FiguresNameTheirCommandAndDate(string page)
    {
        string[] keys = [.. FigurePages.Keys(FigurePages.Text(page))];
        foreach (string file in keys.Select(key => key.Split('/')[0]).Distinct()) Assert.Contains($"{file}/{FigurePages.Made}", keys);
    }

    [Theory]
    [InlineData("a tracked call costs ×1.8", "×1.8")]
    [InlineData("5 to 20 times as long", "20 times as long")]
    [InlineData("an edit takes 171.4 ms", "171.4 ms")]
    [InlineData("0.3 to 10 milliseconds a sample", "0.3 to 10 milliseconds")]
    [InlineData("after 50 to 60 minutes on a GPU", "50 to 60 minutes")]
    [InlineData("costs 0.0409 µs", "0.0409 µs")]
    [InlineData("trained in 301 s.", "301 s")]
    [InlineData("64.0 M/s on one core", "64.0 M/s")]
    [InlineData("25 million samples a second", "25 million samples a second")]
    [InlineData("for 99 % of the samples", "99 %")]
    [InlineData("within a few, 3 per cent", "3 per cent")]
    [InlineData("a relative MSE of 7.0E-4", "7.0E-4")]
    [InlineData("off by 1.1e-8", "1.1e-8")]
    [InlineData("a relative MSE of 1E-4", "1E-4")]
    public void AMeasuredNumberIsFound(string prose, string number) => Assert.Equal(number, Assert.Single(Measured(prose)));

    [Theory]
    [InlineData("four layers, 4 × 128 units, and 5×5 modes of a d×d matrix")]
    [InlineData("to a tolerance, 1e-12 by default")]
    [InlineData("the 8 steps of `--share 3 %` and Heun in 16 steps at s = 3")]
    [InlineData("```\ntakes 35 ms\n```")]
    public void OtherNumbersAreNot(string prose) => Assert.Empty(Measured(prose));

    /// <summary>Ratios, times, rates, shares and errors of a page's prose and tables. Code is left out: other tests run it.</summary>
    private static string[] Measured(string text)
        => [.. MeasuredNumber().Matches(Code().Replace(text, " ")).Select(match => match.Value)];

    [GeneratedRegex(@"^```.*?^```$|`[^`\n]*`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(
        """
        (?<!\d\s?|[a-zA-Z]) × \s?\d+(\.\d+)?   # ×1.8 but not 4 × 128
        | \d+(\.\d+)? (\sto\s\d+(\.\d+)?)? \s?
          (ms | µs | ns | s | (milli|micro)?seconds? | minutes? | hours? | M/s | [GT]FLOP/s
          | (million|thousand)(\ssamples)?(/s|\sa\ssecond) | % | per\scent)(?![\w²])
        | \d+(\.\d+)? \stimes\s(faster|slower|smaller|greater|as\s(fast|long|much))
        | \d\.\d+[eE]-\d+ | \dE-\d+
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex MeasuredNumber();
}
