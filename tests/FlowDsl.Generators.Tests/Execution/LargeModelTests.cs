using System.Diagnostics;
using System.Globalization;
using System.Text;
using FlowDsl.Analysis;
using Xunit.Abstractions;

namespace FlowDsl.Generators.Tests;

/// <summary>Models as large as one meets them: generated, compiled, run and right.</summary>
public class LargeModelTests(ITestOutputHelper output)
{
    [Fact]
    public void ManyComponentsOfManyDimensions()
        // 300 · 200 numbers of up to 7 characters and what separates them.
        => Check(200, 300, "spherical", _ => "0.05", Precision.Single, 1_000_000);

    [Fact]
    public void FullCovariancesOfManyDimensions()
    {
        const int d = 64;
        // Diagonally dominant, each component another one, with entries that are written with few digits.
        Check(d, 20, "full", k => Array(Enumerable.Range(0, d).Select(i => Array(Enumerable.Range(0, d).Select(j => Text(i == j ? 0.5 + 0.01 * k : 0.004 * Math.Cos(i * j)))))), Precision.Double, 2_000_000);
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
        Assert.Equal(declared.Weights, model.Mixture.Weights);
        Assert.Equal(declared.Means, model.Mixture.Means);
        Assert.Equal(declared.Covariances, model.Mixture.Covariances);
        foreach (string name in new[] { "Heun4", "Fast" })
        {
            SamplerHandle sampler = compiled.Sampler("Large", name, precision);
            SamplerDescriptor descriptor = sampler.Descriptor;
            FlowProgram program = FlowProgram.Create(
                model.Process, ChartFrame.Canonical(descriptor.ChartVariance), descriptor.Solver, descriptor.Times);
            double[] states = [.. Enumerable.Range(0, 3 * d).Select(_ => (double)(float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 2)];
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
