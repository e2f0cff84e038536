using FlowDsl.Generators.Model;
using FlowDsl.Generators.Reading;
using FlowDsl.Generators.Validation;
using FlowDsl.Mathematics.Numerics;
using Microsoft.CodeAnalysis;

namespace FlowDsl.Generators.Tests;

public class MixtureDiagnosticTests
{
    private static string Model(int dimension, params string[] components)
        => $"using FlowDsl;\n[GaussianMixture({dimension})]\n"
            + $"{string.Concat(components.Select(component => $"[Component({component})]\n"))}public partial class Ring;";

    [Theory]
    [InlineData("0")]
    [InlineData("-2147483648")]
    public void FLOW0101DimensionTooSmall(string dimension)
        => DiagnosticAssert.Reports(
            "FLOW0101", $"[FlowDsl.GaussianMixture(⟦{dimension}⟧), FlowDsl.Component(1, 0, Variance = 1)] partial class Ring;",
            "'Ring'", dimension, "at least 1");

    [Fact]
    public void FLOW0102NoComponents()
        => DiagnosticAssert.Reports("FLOW0102", "[⟦FlowDsl.GaussianMixture(1)⟧] partial class Ring;", "'Ring' has no components", "[Component]");

    [Theory]
    [InlineData("0.5, ⟦0⟧, Variance = 1", "component 1", "has 1 values", "must have 2")]
    [InlineData("0.5, ⟦0, 1, 2⟧, Variance = 1", "has 3 values")]
    [InlineData("0.5, ⟦new double[] { 0 }⟧, Variance = 1", "has 1 values")]
    [InlineData("mean: ⟦new double[] { 0 }⟧, weight: 0.5, Variance = 1", "has 1 values")]
    [InlineData("0.5, ⟦null⟧, Variance = 1", "has 0 values")]
    public void FLOW0103MeanLength(string component, params string[] words)
        => DiagnosticAssert.Reports("FLOW0103", Model(2, "0.5, 0, 0, Variance = 1", component), ["'Ring'", .. words]);

    [Fact]
    public void FLOW0103MeanLengthOfNoMean()
        => DiagnosticAssert.Reports("FLOW0103", "[FlowDsl.GaussianMixture(2), ⟦FlowDsl.Component(1, Variance = 1)⟧] partial class Ring;", "has 0 values");

    [Theory]
    [InlineData("⟦0⟧, 0, Variance = 1", "is 0;")]
    [InlineData("⟦-0.5⟧, 0, Variance = 1", "is -0.5;")]
    [InlineData("⟦double.NaN⟧, 0, Variance = 1", "is NaN;")]
    [InlineData("⟦1e300 * 1e300⟧, 0, Variance = 1", "is Infinity;")]
    public void FLOW0104WeightOutOfRange(string component, string value)
        => DiagnosticAssert.Reports("FLOW0104", Model(1, "1, 0, Variance = 1", component), "weight of component 1 of 'Ring'", value, "positive and finite");

    [Fact]
    public void FLOW0105WeightSum()
        => DiagnosticAssert.Reports(
            "FLOW0105", Model(1, "0.25, 0, Variance = 1", "⟦0.5⟧, 1, Variance = 1"),
            "'Ring' sum to 0.75; divide each by the sum: they must sum to 1 within " + PortableNumber.Format(1e-6));

    [Fact]
    public void FLOW0105WeightSumAcceptsRounding()
        => GeneratorHarness.Run(Model(1, "0.3333333333, 0, Variance = 1", "0.3333333333, 1, Variance = 1", "0.3333333334, 2, Variance = 1")).AssertClean();

    [Theory]
    [InlineData(
        "0.20000000298023224, 0, Variance = 1", "0.800000011920929, 1, Variance = 1", "the weights, which sum to 1.0000000149011612, are divided by their sum")]
    [InlineData("0.2f, 0, Variance = 1", "0.8f, 1, Variance = 1", "the weights, which sum to 1.0000000149011612, are divided by their sum")]
    [InlineData(
        "0.5, 0, 0, Covariance = [1, 0.5, 0.50000003, 1]", "0.5, 1, 0, Covariance = [1, 0, 0, 1]",
        "what is symmetric within 3E-8 only is replaced by its symmetric part")]
    public void FLOW0117MixtureAdjustedOfComponents(string first, string second, string what)
    {
        GeneratorOutcome outcome = DiagnosticAssert.Reports(
            "FLOW0117",
            $"[⟦FlowDsl.GaussianMixture({(first.Contains("Covariance", StringComparison.Ordinal) ? 2 : 1)})⟧, "
                + $"FlowDsl.Component({first}), FlowDsl.Component({second})] partial class Ring;",
            "The mixture of 'Ring' is adjusted", what);
        Assert.Equal(DiagnosticSeverity.Info, Assert.Single(outcome.Diagnostics).Severity);
        Assert.Empty(outcome.Errors);
        Assert.Contains(what, Assert.Single(outcome.Result.GeneratedSources).SourceText.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void FLOW0117MixtureAdjustedOfAFile()
        => DiagnosticAssert.Reports(
            "FLOW0117", "[FlowDsl.GaussianMixture(1, File = ⟦\"a.mixture.json\"⟧)] partial class Ring;",
            [(
                "/p/a.mixture.json",
                """{"weights":[0.20000000298023224,0.800000011920929],"means":[[0],[1]],"covariance_type":"spherical","precisions":[1,1]}""")],
            "the weights, which sum to 1.0000000149011612, are divided by their sum");

    [Theory]
    [InlineData("1, 0, ⟦double.NaN⟧, Variance = 1", "Coordinate 1", "is NaN")]
    [InlineData("1, ⟦double.NegativeInfinity⟧, 0, Variance = 1", "Coordinate 0", "is -Infinity")]
    [InlineData("1, new[] { 0, ⟦double.PositiveInfinity⟧ }, Variance = 1", "Coordinate 1", "is Infinity")]
    [InlineData("1, [0, ⟦double.NaN⟧], Variance = 1", "Coordinate 1", "is NaN")]
    public void FLOW0106MeanNotFinite(string component, params string[] words)
        => DiagnosticAssert.Reports("FLOW0106", Model(2, component), ["component 0 of 'Ring'", .. words]);

    [Theory]
    [InlineData("[⟦FlowDsl.Component(1, 0)⟧]", "gives no covariance")]
    [InlineData("[⟦FlowDsl.Component(1, 0, Variances = null)⟧]", "gives no covariance")]
    [InlineData("[FlowDsl.Component(1, 0, Variance = 1, Variances = ⟦new double[] { 1 }⟧)]", "gives Variance and Variances")]
    [InlineData("[FlowDsl.Component(1, 0, Covariance = ⟦new double[] { 1 }⟧, Variance = 0)]", "gives Variance and Covariance")]
    public void FLOW0107CovarianceNotGivenOnce(string component, string given)
        => DiagnosticAssert.Reports("FLOW0107", $"[FlowDsl.GaussianMixture(1)] {component} partial class Ring;", "Component 0 of 'Ring'", given, "exactly one");

    [Theory]
    [InlineData("1, 0, 0, Variances = ⟦new double[] { 1 }⟧", "Variances", "has 1 values", "must have 2")]
    [InlineData("1, 0, 0, Variances = ⟦new double[0]⟧", "Variances", "has 0 values")]
    [InlineData("1, 0, 0, Covariance = ⟦new double[] { 1, 0, 1 }⟧", "Covariance", "has 3 values", "must have 4")]
    [InlineData("1, 0, 0, Covariance = ⟦[1, 0, 1]⟧", "Covariance", "has 3 values", "must have 4")]
    public void FLOW0108CovarianceLength(string component, params string[] words)
        => DiagnosticAssert.Reports("FLOW0108", Model(2, component), ["component 0 of 'Ring'", .. words]);

    [Theory]
    [InlineData("1, 0, 0, Variance = ⟦-1⟧", "Variance of component", "is -1;")]
    [InlineData("1, 0, 0, Variance = ⟦double.NaN⟧", "Variance of component", "is NaN;")]
    [InlineData("1, 0, 0, Variances = new double[] { 1, ⟦-2⟧ }", "Variances[1] of component", "is -2;")]
    [InlineData("1, 0, 0, Variances = (new double[2] { ⟦double.PositiveInfinity⟧, 1 })", "Variances[0] of component", "is Infinity;")]
    public void FLOW0109VarianceOutOfRange(string component, params string[] words)
        => DiagnosticAssert.Reports("FLOW0109", Model(2, component), ["component 0 of 'Ring'", "finite and at least 0", .. words]);

    [Theory]
    [InlineData("1, 0, 0, Covariance = new double[] { 1, 0.5, ⟦0.4⟧, 1 }", "0.5 at (0, 1) but 0.4 at (1, 0)")]
    [InlineData("1, 0, 0, Covariance = new double[] { 1, 0, 0, ⟦double.NaN⟧ }", "NaN at (1, 1)")]
    public void FLOW0110CovarianceNotSymmetric(string component, string what)
        => DiagnosticAssert.Reports("FLOW0110", Model(2, component), "component 0 of 'Ring'", what, "symmetric with finite entries");

    [Theory]
    [InlineData("1, 0, 0, Covariance = ⟦new double[] { 1, 2, 2, 1 }⟧", "eigenvalue -1;")]
    [InlineData("1, 0, 0, Covariance = ⟦new double[] { -3, 0, 0, 1 }⟧", "eigenvalue -3;")]
    public void FLOW0111CovarianceNotPositiveSemidefinite(string component, string what)
        => DiagnosticAssert.Reports("FLOW0111", Model(2, component), "component 0 of 'Ring'", what, "positive semidefinite");

    [Theory]
    [InlineData("1, ⟦new[] { 0, 1e156 }⟧, Variance = 1", "mean of component 0 of 'Ring' has the coordinate 1E+156", "at most 1e50")]
    [InlineData("1, ⟦new[] { -9e49, 9e49 }⟧, Variance = 1", "mean of component 0 of 'Ring' has the length 1.27279E+50", "at most 1e50")]
    [InlineData("1, ⟦0, double.MaxValue⟧, Variance = 1", "1.79769E+308", "at most 1e50")]
    [InlineData("1, 0, 0, Variance = ⟦1e300⟧", "Variance of component 0 of 'Ring' is 1E+300", "0 or from 1e-100 to 1e100")]
    [InlineData("1, 0, 0, Variances = new[] { 1, ⟦1e-101⟧ }", "Variances[1] of component 0 of 'Ring' is 1E-101", "0 or from 1e-100 to 1e100")]
    [InlineData(
        "1, 0, 0, Covariance = ⟦new double[] { 1e308, 1e308, 1e308, 1e308 }⟧", "covariance of component 0 of 'Ring' has 1E+308 at (0, 0)",
        "0 or from 1e-100 to 1e100")]
    [InlineData("1, 0, 0, Covariance = ⟦new double[] { 1, 0, 0, 1e-320 }⟧", "has 9.99989E-321 at (1, 1)", "0 or from 1e-100 to 1e100")]
    [InlineData("1, 0, 0, Covariance = ⟦new double[] { 1, 1e200, 1e200, 1 }⟧", "has 1E+200 at (0, 1)", "at most 1e100 in size")]
    [InlineData(
        "1, 0, 0, Covariance = ⟦new double[] { 1e100, 1e99, 1e99, 1e100 }⟧", "has the variance 1.1E+100 along one of its axes", "0 or from 1e-100 to 1e100")]
    public void FLOW0120MixtureOutOfRange(string component, params string[] words)
        => DiagnosticAssert.Reports("FLOW0120", Model(2, component), [.. words, "use other units"]);

    // Of a size that is the process's too; a sampler of numbers from both ends has coefficients that are beyond (FLOW0314).
    [Theory]
    [InlineData("1e50, 1e-300", "-1e50, 0", "Variances = new[] { 1e100, 1e99 }", "SigmaMin = 1e47, SigmaMax = 1e50")]
    [InlineData("1e-50, 1e-300", "-1e-50, 0", "Variances = new[] { 1e-100, 1e-99 }", "SigmaMin = 1e-50, SigmaMax = 1e-47")]
    [InlineData("1e50, 0", "-1e50, 0", "Covariance = new[] { 9e99, 1e99, 1e99, 9e99 }", "SigmaMin = 1e47, SigmaMax = 1e50")]
    public void FLOW0120TheEndsOfTheRangeAreSupported(string first, string second, string covariance, string process) => GeneratorHarness.Run(
        $"using FlowDsl;\n[GaussianMixture(2)]\n[Component(0.5, {first}, {covariance})]\n[Component(0.5, {second}, {covariance})]\n"
            + $"[VarianceExploding({process})]\n"
        + "[Sampler(\"Fast\", Steps = 2, Precision = Precision.Double)]\npublic partial class Ring;").AssertClean();

    [Theory]
    [InlineData("1000000000")]
    [InlineData("2147483647")]
    public void FLOW0103MeanLengthOfAHugeDimensionAllocatesNothing(string dimension)
    {
        string source = $"[FlowDsl.GaussianMixture({dimension}), FlowDsl.Component(0.5, ⟦1⟧, Variance = 1), "
            + $"FlowDsl.Component(0.5, 1, Covariance = new double[] {{ 1 }})] partial class Ring;";
        long before = GC.GetAllocatedBytesForCurrentThread();
        GeneratorOutcome outcome = GeneratorHarness.Run(source.Replace("⟦", "", StringComparison.Ordinal).Replace("⟧", "", StringComparison.Ordinal));
        Assert.Equal(["FLOW0103", "FLOW0103", "FLOW0108"], outcome.Ids);
        // A thousandth of what the dimension's numbers would take.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8_000_000);
    }

    [Fact]
    public void FLOW0112FileAndComponents()
        => DiagnosticAssert.Reports(
            "FLOW0112",
            "[FlowDsl.GaussianMixture(1, File = ⟦\"a.mixture.json\"⟧), FlowDsl.Component(1, 0, Variance = 1)] partial class Ring;",
            [("/p/a.mixture.json", "{}")],
            "'Ring'", "\"a.mixture.json\"", "1 [Component]");

    [Fact]
    public void FLOW0113FileNotFoundListsTheVisibleOnes()
        => DiagnosticAssert.Reports(
            "FLOW0113",
            "[FlowDsl.GaussianMixture(1, File = ⟦\"c.mixture.json\"⟧)] partial class Ring;",
            [("/p/b.mixture.json", "{}"), ("/p/a.mixture.json", "{}"), ("/p/other.json", "{}")],
            "\"c.mixture.json\" of 'Ring' is not among the AdditionalFiles", "visible: a.mixture.json, b.mixture.json");

    [Theory]
    [InlineData("")]
    [InlineData("ring.json")]
    [InlineData("A.mixture.json")]
    public void FLOW0113FileNotFoundWithoutFiles(string name)
        => DiagnosticAssert.Reports(
            "FLOW0113", $"[FlowDsl.GaussianMixture(1, File = ⟦\"{name}\"⟧)] partial class Ring;", "no file whose name ends in .mixture.json is visible");

    [Fact]
    public void FLOW0113FileNotFoundAmbiguous()
        => DiagnosticAssert.Reports(
            "FLOW0113",
            "[FlowDsl.GaussianMixture(1, File = ⟦\"a.mixture.json\"⟧)] partial class Ring;",
            [("/p/x/a.mixture.json", "{}"), (@"C:\p\y\a.mixture.json", "{}")],
            "several AdditionalFiles", "C:/p/y/a.mixture.json, /p/x/a.mixture.json".Split(", ")[0], "/p/x/a.mixture.json");

    [Fact]
    public void FLOW0113FileNotFoundUnreadable()
        => DiagnosticAssert.Reports(
            "FLOW0113", "[FlowDsl.GaussianMixture(1, File = ⟦\"a.mixture.json\"⟧)] partial class Ring;", [("/p/a.mixture.json", null)], "cannot be opened");

    [Theory]
    [InlineData("a.mixture.json", "/p/a.mixture.json", "/p/aa.mixture.json")]
    [InlineData("./a.mixture.json", "/p/a.mixture.json", "/p/b.mixture.json")]
    [InlineData("data/a.mixture.json", "/p/data/a.mixture.json", "/p/a.mixture.json")]
    [InlineData("data\\\\a.mixture.json", "C:\\p\\data\\a.mixture.json", "C:\\p\\a.mixture.json")]
    [InlineData("/p/a.mixture.json", "/p/a.mixture.json", "/p/data/a.mixture.json")]
    [InlineData("a.mixture.json", "/p/a.mixture.json", "\\p\\a.mixture.json")]
    public void FilesAreFound(string name, string named, string other)
    {
        GeneratorOutcome outcome = GeneratorHarness.Run(
            $"[FlowDsl.GaussianMixture(1, File = \"{name}\")] partial class Ring;", (other, "named twice"), (named, "named"));
        ModelInput input = Assert.IsType<ModelInput>(Assert.Single(outcome.Values(TrackingNames.Inputs)));
        Assert.Empty(input.Issues);
        Assert.Equal(other.Replace('\\', '/') == named ? "named twice" : "named", input.Mixture?.ToString());
    }

    [Theory]
    [InlineData("a.mixture.json", "/p/a.mixture.json", "/p/copy/a.mixture.json")]
    [InlineData("data/a.mixture.json", "/p/data/a.mixture.json", "/p/copy/data/a.mixture.json")]
    [InlineData("./a.mixture.json", "C:\\p\\a.mixture.json", "C:\\p\\copy\\a.mixture.json")]
    public void FileOfTheProjectsFolderIsFoundBesideCopiesBelow(string name, string named, string copy)
        => Finds(name, new ProjectOptions(named[..(named.IndexOf("p", StringComparison.Ordinal) + 1)]), (copy, "copy"), (named, "named"));

    [Fact]
    public void FileOfTheProjectsFolderIsFoundBesideTwoCopiesBelow()
        => Finds("a.mixture.json", new ProjectOptions("/p/"), ("/p/x/a.mixture.json", "copy"), ("/p/y/a.mixture.json", "copy"), ("/p/a.mixture.json", "named"));

    [Theory]
    [InlineData("b.mixture.json", "/elsewhere/a.mixture.json", "b.mixture.json")]
    [InlineData("b.mixture.json", "/elsewhere/a.mixture.json", "models\\b.mixture.json")]
    [InlineData("models/b.mixture.json", "/elsewhere/a.mixture.json", "models\\b.mixture.json")]
    [InlineData("b.mixture.json", "/elsewhere/fit.json", "b.mixture.json")]
    [InlineData("a.mixture.json", "/elsewhere/a.mixture.json", "b.mixture.json")]
    public void LinkedFileIsFoundByTheNameThatTheProjectGivesIt(string name, string path, string link)
        => Finds(name, new ProjectOptions("/p/", (path, link)), (path, "named"), ("/p/c.mixture.json", "other"));

    [Fact]
    public void LinkedFileIsFoundBesideCopiesBelow()
        => Finds(
            "a.mixture.json", new ProjectOptions("/p/", ("/s/a.mixture.json", "a.mixture.json")),
            ("/p/x/a.mixture.json", "copy"), ("/s/a.mixture.json", "named"));

    private static void Finds(string name, ProjectOptions options, params (string Path, string? Text)[] files)
    {
        string model = $"[FlowDsl.GaussianMixture(1, File = \"{name}\")] partial class Ring;";
        GeneratorOutcome outcome = new GeneratorHarness(model, additionalTexts: files).SetOptions(options).Run();
        ModelInput input = Assert.IsType<ModelInput>(Assert.Single(outcome.Values(TrackingNames.Inputs)));
        Assert.Empty(input.Issues);
        Assert.Equal("named", input.Mixture?.ToString());
    }

    [Fact]
    public void FLOW0113FileNotFoundLinkedAsAFileOfTheProject()
    {
        GeneratorOutcome outcome = new GeneratorHarness(
            "[FlowDsl.GaussianMixture(1, File = \"a.mixture.json\")] partial class Ring;",
            additionalTexts: [("/p/a.mixture.json", "{}"), ("/s/b.mixture.json", "{}")])
            .SetOptions(new ProjectOptions("/p/", ("/s/b.mixture.json", "a.mixture.json"))).Run();
        Diagnostic ambiguous = Assert.Single(outcome.Diagnostics, diagnostic => diagnostic.Id == "FLOW0113");
        Assert.Contains("matching: /p/a.mixture.json, /s/b.mixture.json", ambiguous.GetMessage());
    }

    [Theory]
    [InlineData("?", "at line 1, column 1: ")]
    [InlineData("", "at line 1, column 1: ")]
    [InlineData("{\n  \"weights\": [1],\n  \"means\": [[0]\n}", "at line 4, column 1: ")]
    [InlineData("{\"weights\": [1], \"means\": [[0]], \"covariances\": [1]}", "at line 1, column 1: ", "covariance_type")]
    [InlineData("{\"weights\": [1], \"means\": [[0]], \"covariance_type\": \"round\", \"covariances\": [1]}", "column 53: ", "round", "spherical")]
    [InlineData("{\"weights\": [0.5], \"means\": [[0]], \"covariance_type\": \"spherical\", \"covariances\": [1]}", "column 13: ", "0.5")]
    [InlineData("{\"weights\": [1], \"means\": [[0]], \"covariance_type\": \"spherical\", \"covariances\": [-1]}", "column 82: ", "-1")]
    public void FLOW0114FileMalformed(string text, params string[] words)
    {
        GeneratorOutcome outcome = DiagnosticAssert.Reports(
            "FLOW0114",
            "[FlowDsl.GaussianMixture(1, File = ⟦\"a.mixture.json\"⟧)] partial class Ring;",
            [("/p/a.mixture.json", text)],
            ["\"a.mixture.json\" of 'Ring' cannot be read", .. words]);
        // The place once, although the exception says it too.
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(outcome.Diagnostics[0].GetMessage(), "[Ll]ine "));
        Assert.Empty(outcome.HintNames);
    }

    [Theory]
    [InlineData("⟦3⟧, File = \"a.mixture.json\"", 3)]
    [InlineData("File = \"a.mixture.json\", dimension: ⟦1⟧", 1)]
    public void FLOW0115FileDimension(string arguments, int dimension)
        => DiagnosticAssert.Reports(
            "FLOW0115",
            $"[FlowDsl.GaussianMixture({arguments})] partial class Ring;",
            [("/p/a.mixture.json", """{ "weights": [1], "means": [[0, 0]], "covariance_type": "spherical", "covariances": [1] }""")],
            $"\"a.mixture.json\" of 'Ring' has dimension 2 but the attribute says {dimension}");

    [Fact]
    public void FLOW0116ModelTooLargeOfComponents()
    {
        List<Issue> issues = [];
        ComponentSpec large = Specs.Valid.Components[0] with { Mean = new EquatableArray<double>(new double[MixtureValidator.MaximumNumbers]) };
        ModelSpec spec = Specs.Valid with { Dimension = MixtureValidator.MaximumNumbers, Components = new EquatableArray<ComponentSpec>([large]) };
        Assert.Null(MixtureValidator.Read(spec, null, issues, CancellationToken.None));
        Assert.Equal(new Issue("FLOW0116", new Site(SitePart.Mixture), "Ring", "2000001", "2000000"), Assert.Single(issues));
    }

    [Fact]
    public void FLOW0116ModelTooLargeOfAFile()
    {
        // One mean and one row of variances, each one number too long together.
        const int d = MixtureValidator.MaximumNumbers / 2 + 1;
        string ones = string.Join(",", Enumerable.Repeat('1', d));
        GeneratorOutcome outcome = DiagnosticAssert.Reports(
            "FLOW0116",
            $"[FlowDsl.GaussianMixture({d}, File = ⟦\"a.mixture.json\"⟧)] partial class Ring;",
            [("/p/a.mixture.json", $$"""{ "weights": [1], "means": [[{{ones}}]], "covariance_type": "diag", "covariances": [[{{ones}}]] }""")],
            "'Ring' have 2000002 numbers", "at most 2000000", "GaussianMixtureModel");
        Assert.Empty(outcome.HintNames);
    }

    [Fact]
    public void EveryBrokenRuleIsReported()
    {
        GeneratorOutcome outcome = GeneratorHarness.Run(
            """
            using FlowDsl;
            [GaussianMixture(2)]
            [Component(-1, 0, Variance = -1)]
            [Component(double.NaN, double.NaN, 0, Variances = new[] { -1, double.NaN })]
            [OrnsteinUhlenbeck(Beta = -1, Sigma = 0)]
            [Sampler("Fast", Steps = 0, Rho = -1)]
            public partial class Ring;
            """);
        Assert.Equal(
            ["FLOW0103", "FLOW0104", "FLOW0104", "FLOW0106", "FLOW0109", "FLOW0109", "FLOW0109", "FLOW0202", "FLOW0202", "FLOW0303", "FLOW0306"],
            outcome.Ids);
    }

    [Fact]
    public void SimilarComponentsAreLegal()
        => GeneratorHarness.Run(Model(1, "0.5, 0, Variance = 1", "0.5, 0, Variance = 1")).AssertClean();
}
