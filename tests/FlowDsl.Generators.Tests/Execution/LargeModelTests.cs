using System.Diagnostics;
using System.Globalization;
using System.Text;
using FlowDsl.Mathematics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit.Abstractions;

namespace FlowDsl.Generators.Tests;

/// <summary>Models as large as one meets them: generated, compiled, run and right.</summary>
public class LargeModelTests(ITestOutputHelper output)
{
    [Fact]
    public void ManyComponentsOfManyDimensions()
        // 300 · 200 numbers of 8 bytes, four characters for three bytes.
        => Check(200, 300, "spherical", _ => "0.05", Precision.Single, 800_000);

    [Fact]
    public void FullCovariancesOfManyDimensions()
    {
        const int d = 64;
        // Diagonally dominant, each component another one, with entries that are written with few digits.
        string Row(int k, int i) => Array(Enumerable.Range(0, d).Select(j => Text(i == j ? 0.5 + 0.01 * k : 0.004 * Math.Cos(i * j))));
        Check(d, 20, "full", k => Array(Enumerable.Range(0, d).Select(i => Row(k, i))), Precision.Double, 1_100_000);
    }

    [Fact]
    public void NumbersAreDataNotStringsOfTheProject()
    {
        const int d = 50, count = 60;
        Random random = new(11);
        string Number() => random.NextDouble().ToString("r", CultureInfo.InvariantCulture);
        string Rows() => Array(Enumerable.Range(0, count).Select(_ => Array(Enumerable.Range(0, d).Select(_ => Number()))));
        string text = $$"""
            {
              "covariance_type": "diag",
              "weights": {{Array(Enumerable.Repeat((1.0 / count).ToString("r", CultureInfo.InvariantCulture), count))}},
              "means": {{Rows()}},
              "covariances": {{Rows()}}
            }
            """;
        string source = $"using FlowDsl;\n[GaussianMixture({d}, File = \"large.mixture.json\")]\npublic partial class Large;";
        GeneratorOutcome outcome = GeneratorHarness.Run(source, ("/project/large.mixture.json", text)).AssertClean();
        SyntaxNode root = outcome.Output.SyntaxTrees.Last().GetRoot();
        // The compiler keeps all strings of a project in one heap of 16 MB (CS8103), data in none.
        IEnumerable<SyntaxToken> strings = root.DescendantTokens()
            .Where(token => token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken);
        Assert.InRange(strings.Sum(token => token.ValueText.Length), 0, 1000);
        Assert.InRange(root.DescendantNodes().Count(), 0, 2000);
        using CompiledModels compiled = new(outcome);
        Mixture declared = MixtureJson.Parse(text);
        Assert.Equal(declared.Means.Select(mean => mean.ToArray()), compiled.Model("Large").Model.Mixture.Means.Select(mean => mean.ToArray()));
        Assert.Equal<Covariance>(declared.Covariances, compiled.Model("Large").Model.Mixture.Covariances);
    }

    [Fact]
    public void MixedKindsOfCovariancesAreDataToo()
    {
        const int d = 20;
        Random random = new(12);
        string Matrix() => string.Join(", ", Enumerable.Range(0, d * d).Select(i => i % (d + 1) == 0 ? "2.5" : Literal(0.01 * Math.Cos(i / d + i % d))));
        double[] Values(int n, double least) => [.. Enumerable.Range(0, n).Select(_ => least + random.NextDouble())];
        string[] covariances = [.. Enumerable.Range(0, 120).Select(k => (k % 3) switch
        {
            0 => $"Variance = {Literal(1 + random.NextDouble())}",
            1 => $"Variances = [{string.Join(", ", Values(d, 0.1).Select(Literal))}]",
            _ => $"Covariance = [{Matrix()}]",
        })];
        string components = string.Join("\n", covariances.Select(covariance
            => $"[Component({Literal(1.0 / covariances.Length)}, [{string.Join(", ", Values(d, -0.5).Select(Literal))}], {covariance})]"));
        GeneratorOutcome outcome = GeneratorHarness.Run($"using FlowDsl;\n[GaussianMixture({d})]\n{components}\npublic partial class Large;").AssertClean();
        Assert.Contains("MixtureData.Read(", outcome.Result.GeneratedSources.Single().SourceText.ToString(), StringComparison.Ordinal);
        using CompiledModels compiled = new(outcome);
        Mixture mixture = compiled.Model("Large").Model.Mixture;
        Assert.Equal(
            [CovarianceType.Isotropic, CovarianceType.Diagonal, CovarianceType.Full],
            mixture.Covariances.Take(3).Select(covariance => covariance.Type));
        Assert.Equal(2.5, mixture.Covariances[2].Matrix[0]);
        Assert.Contains(Literal(mixture.Means[119][19]), components, StringComparison.Ordinal);

        static string Literal(double value) => value.ToString("r", CultureInfo.InvariantCulture);
    }

    private void Check(int d, int count, string type, Func<int, string> covariance, Precision precision, int sizeLimit)
    {
        Random random = new(7);
        string text = $$"""
            {
              "covariance_type": "{{type}}",
              "weights": {{Array(Enumerable.Repeat((1.0 / count).ToString("r", CultureInfo.InvariantCulture), count))}},
              "means": {{Array(Enumerable.Range(0, count).Select(_ => Array(Enumerable.Range(0, d).Select(_ => Text(2 * random.NextDouble() - 1)))))}},
              "covariances": {{Array(Enumerable.Range(0, count).Select(covariance))}}
            }
            """;
        string source = $"""
            using FlowDsl;
            [GaussianMixture({d}, File = "large.mixture.json")]
            [Sampler("Heun4", Steps = 4, Grid = Grid.ExpectedStability, Precision = Precision.{precision})]
            [Sampler("Fast", Steps = 4, Solver = Solver.DpmSolverPlusPlus2M, Precision = Precision.{precision})]
            public partial class Large;
            """;
        long start = Stopwatch.GetTimestamp();
        GeneratorOutcome outcome = GeneratorHarness.Run(source, ("/project/large.mixture.json", text)).AssertClean();
        int size = outcome.Result.GeneratedSources.Single().SourceText.Length;
        Lap("generated", $"{size} characters");
        using CompiledModels compiled = new(outcome);
        Lap("compiled", $"{compiled.Size} bytes");
        Assert.InRange(size, 1, sizeLimit);

        GaussianMixtureModel model = compiled.Model("Large").Model;
        Assert.Equal((d, count), (model.Dimension, model.ComponentCount));
        Mixture declared = MixtureJson.Parse(text);
        Assert.Equal<double>(declared.Weights, model.Mixture.Weights);
        Assert.Equal(declared.Means.Select(mean => mean.ToArray()), model.Mixture.Means.Select(mean => mean.ToArray()));
        Assert.Equal<Covariance>(declared.Covariances, model.Mixture.Covariances);
        foreach (string name in new[] { "Heun4", "Fast" })
        {
            SamplerHandle sampler = compiled.Sampler("Large", name, precision);
            SamplerDescriptor descriptor = sampler.Descriptor;
            FlowProgram program = FlowProgram.Create(
                model.Process, ChartFrame.Canonical(descriptor.ChartVariance), descriptor.Solver, descriptor.Times);
            double[] states =
                [.. Enumerable.Range(0, 3 * d).Select(_ => (double)(float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 2)];
            double[] results = sampler.Integrate(states);
            model.Integrate(program, states);
            double greatest = states.Zip(results, (expected, value) => Math.Abs(expected - value)).Max();
            output.WriteLine($"{name}: greatest difference {greatest:g3} of values up to {states.Max(Math.Abs):g3}");
            Assert.InRange(greatest, 0, precision == Precision.Double ? 1e-9 : 2e-4);
        }
        Lap("run", "two samplers of three samples");

        void Lap(string what, string result)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} in {Stopwatch.GetElapsedTime(start).TotalSeconds:f2} s: {result}"));
            start = Stopwatch.GetTimestamp();
        }
    }

    private static string Text(double value) => value.ToString("f4", CultureInfo.InvariantCulture);

    private static string Array(IEnumerable<string> values) => new StringBuilder("[").AppendJoin(", ", values).Append(']').ToString();
}
