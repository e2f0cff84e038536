using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FlowDsl.Generators.Tests;

/// <summary>Declarations as they are while someone types them: the generator never throws, whatever the text.</summary>
public class FuzzTests
{
    private const int Cases = 2500;

    private static readonly string[] s_declarations =
    [
        """
        [GaussianMixture(2)]
        [Component(0.5, 1, 2, Variance = 1)]
        [Component(0.5, new double[] { 3, 4 }, Covariance = new[] { 1.0, 0.5, 0.5, 1.0 })]
        [OrnsteinUhlenbeck(Beta = 1, Horizon = 3, EarlyStop = 0.001, Sigma = 1)]
        [Sampler("Heun8", Steps = 8, Solver = Solver.Heun, Grid = Grid.ExpectedStability)]
        [Sampler("Exact", Times = new[] { 3.0, 1.0, 0.001 }, Precision = Precision.Double)]
        public partial class Ring { }
        """,
        """
        namespace Physics;
        public partial class Outer<T> where T : class
        {
            [GaussianMixture(dimension: 1), Component(weight: 1, mean: new double[1] { 0 }, Variances = [1])]
            [VarianceExploding(SigmaMin = 0.002, SigmaMax = 80)]
            [Sampler(name: "Fast", Steps = 4, Chart = Chart.Edm, Rho = 7)]
            private partial record struct Ring(int Size);
        }
        """,
        """
        [GaussianMixture(1, File = "a.mixture.json")]
        [LinearInterpolant(EarlyStop = 0.01, Horizon = 1)]
        [Sampler("Fast", Steps = 4, Chart = Chart.Canonical)]
        partial struct Ring;
        """,
        """
        [GaussianMixture(2)]
        [Component(0.5, 1, 2, Variance = 1)]
        [Component(0.5, new double[] { 3, 4 }, Variances = new[] { 1.0, 0.5 })]
        [VariancePreserving(Steps = 50, BetaStart = 0.001, BetaEnd = 0.2, EarlyStop = 1, Horizon = 40)]
        [Sampler("Fast", Times = new[] { 40.0, 20.0, 1.0 })]
        partial class Ring;
        """,
    ];

    private static readonly string[] s_replacements =
    [
        "", "null", "default", "default!", "double.NaN", "double.PositiveInfinity", "-0.0", "-1", "0", "1e308", "1e-320", "2147483647", "-2147483648",
        "99999999999",
        "1e999", "\"\"", "\"text\"", "'c'", "true", "new double[0]", "new double[3]", "new double[] { }", "new[] { null }", "new double[][] { new[] { 1.0 } }",
        "new[] { new[] { 1 } }", "new int[] { 1 }", "[]", "[[1]]", "[1, .. new[] { 2.0 }]", "(Solver)99", "(Grid)(-1)", "Solver", "typeof(int)", "nameof(Ring)",
        "stackalloc double[1]", "x => x", "(", ")", "[", "]", "{", "}", ",", ";", "=", ":", ".", "@", "\"", "//", "/*", "#if X", "1, 2, 3", "Steps = 3",
        "File = null",
        "Covariance = null", "weight: 1", "mean: 2", "params", "static", "file", "ref", "class", "partial", "struct", "record", "interface", "Ring", "T",
        "\\u0041", "\0", "⟦",
        "1m", "1f", "1u", "1.5", "(byte)1", "1 / 0", "1.0 / 0", "checked(2147483647 + 1)", "Sampler", "GaussianMixture", "Component", "OrnsteinUhlenbeck",
        "namespace", "\n",
    ];

    [Fact]
    public void MutilatedDeclarationsNeverThrow()
    {
        int generated = 0, reported = 0;
        // Seeded by the number of the case: the same cases in every run, and a failing one can be run alone.
        Parallel.For(0, Cases, new ParallelOptions { MaxDegreeOfParallelism = 2 }, seed =>
        {
            string source = "using FlowDsl;\n" + Mutilate(new Random(seed));
            GeneratorOutcome outcome = GeneratorHarness.Run(source, ("/p/a.mixture.json", "?"));
            if (outcome.HintNames.Length > 0) Interlocked.Increment(ref generated);
            if (outcome.Diagnostics.Length > 0) Interlocked.Increment(ref reported);
            Assert.True(
                outcome.Result.Exception is null && outcome.Diagnostics.All(IsAboutTheDeclaration) && IsExplained(outcome),
                $"Case {seed}: {outcome.Result.Exception} {string.Join("\n", outcome.Diagnostics)}\n{source}");
        });
        // Of all that goes wrong in these cases each kind occurs often, or the mutations are too mild or too wild.
        Assert.InRange(generated, Cases / 20, Cases);
        Assert.InRange(reported, Cases / 12, Cases);
    }

    [Theory]
    [InlineData("[GaussianMixture]")]
    [InlineData("[GaussianMixture(]")]
    [InlineData("[GaussianMixture(")]
    [InlineData("[GaussianMixture(1, File = )]")]
    [InlineData("[GaussianMixture(1, File = 3)]")]
    [InlineData("[GaussianMixture(\"1\")]")]
    [InlineData("[GaussianMixture(1)] [Component]")]
    [InlineData("[GaussianMixture(1)] [Component()]")]
    [InlineData("[GaussianMixture(1)] [Component(,)]")]
    [InlineData("[GaussianMixture(1)] [Component(1, , Variance = 1)]")]
    [InlineData("[GaussianMixture(1)] [Component(1, 0, Variance)]")]
    [InlineData("[GaussianMixture(1)] [Component(1, 0, Variance = new double[0])]")]
    [InlineData("[GaussianMixture(1)] [Component(1, 0, Variances = 1)]")]
    [InlineData("[GaussianMixture(1)] [Component(1, 0, Variances = new[] { Unknown })]")]
    [InlineData("[GaussianMixture(1)] [Component(1, 0, Variances = new double[][] { })]")]
    [InlineData("[GaussianMixture(1)] [Component(1, 0, Variance = 1)] [Sampler]")]
    [InlineData("[GaussianMixture(1)] [Component(1, 0, Variance = 1)] [Sampler(3)]")]
    [InlineData("[GaussianMixture(1)] [Component(1, 0, Variance = 1)] [Sampler(\"A\", Solver = Solver.)]")]
    [InlineData("[GaussianMixture(1)] [Component(1, 0, Variance = 1)] [Sampler(\"A\", Solver = Solver.Unknown)]")]
    [InlineData("[GaussianMixture(1)] [Component(1, 0, Variance = 1)] [Sampler(\"A\", Steps = 8, Solver = 3)]")]
    [InlineData("[GaussianMixture(1)] [Component(1, 0, Variance = 1)] [Sampler(\"A\", Times = new[] { \"3\" })]")]
    public void HalfTypedAttributesAreLeftToTheCompiler(string attributes)
    {
        GeneratorOutcome outcome = GeneratorHarness.Run("using FlowDsl;\n" + attributes + "\npublic partial class Ring { }");
        Assert.Null(outcome.Result.Exception);
        Assert.Empty(outcome.Diagnostics);
        Assert.Contains(outcome.Input.GetDiagnostics(), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    [Fact]
    public void WarningsInAnAttributeDoNotMatter()
    {
        // CS0078: the suffix l is easily taken for the digit 1.
        GeneratorOutcome outcome = GeneratorHarness.Run("[FlowDsl.GaussianMixture(1), FlowDsl.Component(1l, 0, Variance = 1)] partial class Ring;");
        Assert.Contains(outcome.Input.GetDiagnostics(), diagnostic => diagnostic.Id == "CS0078");
        Assert.Equal(["Ring.g.cs"], outcome.AssertClean().HintNames);
    }

    /// <summary>Where a model is not generated, either the generator or the compiler says why.</summary>
    private static bool IsExplained(GeneratorOutcome outcome)
        => outcome.HintNames.Length > 0
            || outcome.Diagnostics.Length > 0
            || outcome.Values(TrackingNames.Declarations).Length == 0
            || outcome.Input.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    // CS8785, an exception, and FLOW0902, a caught one, are about the generator.
    private static bool IsAboutTheDeclaration(Diagnostic diagnostic)
        => diagnostic.Id.StartsWith("FLOW", StringComparison.Ordinal) && diagnostic.Id != DiagnosticIds.InternalError;

    private static string Mutilate(Random random)
    {
        string source = s_declarations[random.Next(s_declarations.Length)];
        List<string> tokens = [.. SyntaxFactory.ParseTokens(source).Select(token => token.ToFullString())];
        int edits = random.Next(1, 5);
        for (int edit = 0; edit < edits && tokens.Count > 1; edit++)
        {
            int i = random.Next(tokens.Count), j = random.Next(tokens.Count);
            string replacement = s_replacements[random.Next(s_replacements.Length)] + " ";
            switch (random.Next(8))
            {
                case 0:
                    tokens.RemoveAt(i);
                    break;
                case 1:
                    tokens.Insert(j, tokens[i]);
                    break;
                case 2 or 3:
                    tokens[i] = replacement;
                    break;
                case 4:
                    tokens.Insert(i, replacement);
                    break;
                case 5:
                    (tokens[i], tokens[j]) = (tokens[j], tokens[i]);
                    break;
                case 6 when tokens[i].Length > 0:
                    tokens[i] = tokens[i].Remove(random.Next(tokens[i].Length), 1);
                    break;
                case 7 when i > tokens.Count / 2:
                    tokens.RemoveRange(i, tokens.Count - i);
                    break;
            }
        }
        return string.Concat(tokens);
    }
}
