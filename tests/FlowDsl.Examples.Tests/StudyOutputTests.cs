using System.Text.Json;
using FlowDsl.Examples;

namespace FlowDsl.Tests;

/// <summary>What the figures of the theorem and of Lipschitz mismatch become: tables, JSON, pictures.</summary>
public class StudyOutputTests
{
    private static readonly TheoremFigure s_theorem = new(
        "some modes", 2, 3, 100,
        [
            new DeepError(4, 1e-3, 0.25, 1.5, 1.2, 3, 1.4, 4e-3, 0.2, 37.361, 0.5, 0.3),
            new DeepError(8, 1e-3, 0.06, 0.7, 0.5, 2, 0.8, 4e-3, 0.2, 578.99, 12, 0.1),
        ],
        [new DeepError(64, 0.1, 1e-3, 0.1, 0.05, 0.4, 0.1, 0.3, 0.01, 38, 6, 0.4)],
        [.. Enumerable.Range(0, 16).Select(j => new BlockGrowth(1 - j / 16.0, 1 - (j + 1) / 16.0, 0.1, 15 - j, 0.1, 1.1, 2))],
        new FlowGrowth(38, 37, null, 1, 0.1, 0.9));

    private static readonly MismatchFigure s_mismatch = new(
        0.1, 0.14, 1.41, 1.27, 1.68, [new FloorFigure(0.1, 0.8, 1e-4), new FloorFigure(1, 0.08, 0), new FloorFigure(2, 1e-9, 0)],
        [new TrainedFigure(1, 1, 0.13, 0.08, 0.12)], [new BoundFigure(0.01, 440, 0, 1.4e7, 5.4e10, 4e-3)]);

    /// <summary>Numbers beyond the range of double are written from their logarithms.</summary>
    [Fact]
    public void TheTheoremsTablesHaveItsNumbers()
    {
        string text = TheoremTable.Results([s_theorem], "command").ToString();
        Assert.Contains(
            "| some modes | 4 | 0.250 | 1.50 | 1.20 | 3.00 | 1.40 | 4.0E-3 | 2.3E37 | 3.16 | 2.00 | 1.5E37 | 1.33 |",
            text, StringComparison.Ordinal);
        Assert.Contains("| some modes | 8 | 0.060 | 0.700 | 0.500 | 2.00 | 0.800 | 4.0E-3 | 9.8E578 | 1.0E12 | 1.26 |", text, StringComparison.Ordinal);
        Assert.Contains("| some modes | 16 | 0.0625 | 0.0000 | 0.100 | 1.10 | 2.00 | 1.00 | 1.26 |", text, StringComparison.Ordinal);
        Assert.Contains("| some modes | 1.0E38 | 1.0E37 |  | 10.0 | 1.26 | 7.94 |", text, StringComparison.Ordinal);
        Assert.Contains("100 starts", text, StringComparison.Ordinal);
    }

    [Fact]
    public void TheTablesOfMismatchHaveItsNumbers()
    {
        string text = MismatchTable.Results([s_mismatch], new SpectralBudget(5, 6, 7), "command").ToString();
        Assert.Contains("| 1 | 0.080 | 0.130 | 0.120 |", text, StringComparison.Ordinal);
        Assert.Contains("| 0.1 | 0.01 | 440 | 0 | 1.4E7 | 5.4E10 | 4.0E-3 |", text, StringComparison.Ordinal);
        Assert.Contains("| 0.1 | 0.14 | 1.41 | 1.27 | 1.68 | 1.0E-4 |", text, StringComparison.Ordinal);
        Assert.Contains("5 steps of 6 samples each", text, StringComparison.Ordinal);
    }

    [Fact]
    public void NamesInJsonAreInCamelCase()
    {
        JsonElement theorem = JsonDocument.Parse(TheoremTable.Json([s_theorem])).RootElement[0];
        JsonElement mismatch = JsonDocument.Parse(MismatchTable.Json([s_mismatch])).RootElement[0];
        Assert.Equal(37.361, theorem.GetProperty("blocks")[0].GetProperty("logBound").GetDouble());
        Assert.Equal(37.361 - Math.Log10(1.5), theorem.GetProperty("blocks")[0].GetProperty("logLooseness").GetDouble(), 1e-12);
        Assert.Equal(JsonValueKind.Null, theorem.GetProperty("growth").GetProperty("atCentre").ValueKind);
        Assert.Equal(0.13, mismatch.GetProperty("trained")[0].GetProperty("relativeMse").GetDouble());
    }

    [Fact]
    public void PicturesAreDrawn()
    {
        string folder = Directory.CreateTempSubdirectory("flowdsl").FullName;
        try
        {
            string theorem = Path.Combine(folder, "theorem.png"), mismatch = Path.Combine(folder, "mismatch.png");
            TheoremPlot.Save(theorem, [s_theorem]);
            MismatchPlot.Save(mismatch, [s_mismatch]);
            foreach (byte[] picture in new[] { File.ReadAllBytes(theorem), File.ReadAllBytes(mismatch) })
            {
                Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], picture[..4]);
                Assert.InRange(picture.Length, 10_000, 200_000);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
