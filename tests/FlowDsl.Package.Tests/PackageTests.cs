using System.IO.Compression;
using System.Xml.Linq;

namespace FlowDsl.Tests;

/// <summary>The package as a user gets it: what it holds, and projects outside the repository that use it.</summary>
[Collection(PackageCollection.Name)]
public class PackageTests(PackageFixture package)
{
    private const string Mixture =
        """
        {
          "covariance_type": "full",
          "weights": [0.25, 0.75],
          "means": [[-1, -1], [1, 0.5]],
          "covariances": [[[0.1, 0.05], [0.05, 0.2]], [[0.2, 0.02], [0.02, 0.1]]]
        }
        """;

    // One window, so that half of the steps lie before its middle node.
    private const string Profile =
        """
        {
          "version": 1,
          "process": { "kind": "OrnsteinUhlenbeck", "Beta": 1, "Horizon": 3, "EarlyStop": 0.001, "Sigma": 1 },
          "solver": "Heun", "chart": "State", "scale": 1, "rounding": 1e-7, "samples": 1, "evaluations": 1, "doubt": 0,
          "times": [3, 1, 0.3, 0.1, 0.001],
          "expected_norms": [1, 1, 1, 1, 1], "expected_growths": [1, 1, 1, 1, 1], "local_errors": [0.1], "propagated_errors": [0.2]
        }
        """;

    private const string Program =
        """
        using System.Globalization;
        using FlowDsl;

        // The numbers of a user's culture must not leak into anything; where the machine has no cultures, the invariant one stays.
        try { CultureInfo.CurrentCulture = new CultureInfo("de-DE"); } catch (CultureNotFoundException) { }

        Report("attributes", FlowSampling.Sample<Declared.Fast, float>(20000, seed: 1).Select(value => (double)value));
        Report("file", FlowSampling.Sample<Models.Loaded.Precise, double>(20000, seed: 1));
        double[] score = new double[2];
        Models.Loaded.Score(0.5, [0.3, -0.2], score);
        Console.WriteLine(FormattableString.Invariant($"score {score[0]:F6} {score[1]:F6}"));
        Console.WriteLine($"components {Models.Loaded.ComponentCount}, times {Declared.Fast.Descriptor.Times.Count}");
        Console.WriteLine(FormattableString.Invariant($"measured {Declared.Measured.Descriptor.Times[4]:F6} {Declared.Measured.Descriptor.Times[8]:F6}"));

        static void Report(string name, IEnumerable<double> samples)
        {
            double first = samples.Where((_, i) => i % 2 == 0).Average(), second = samples.Where((_, i) => i % 2 == 1).Average();
            Console.WriteLine(FormattableString.Invariant($"{name} {first:F3} {second:F3}"));
        }

        /// <summary>Declared by attributes, in the global namespace.</summary>
        [GaussianMixture(2)]
        [Component(0.5, -1, 0, Variance = 0.04)]
        [Component(0.5, 1, 0, Variance = 0.04)]
        [Sampler("Fast", Steps = 8)]
        [Sampler("Measured", Steps = 8, Solver = Solver.Heun, Chart = Chart.State, Grid = Grid.Profile, Profile = "Net.profile.json")]
        public partial class Declared;

        namespace Models
        {
            /// <summary>Read from a file at compile time.</summary>
            [GaussianMixture(2, File = "Loaded.mixture.json")]
            [Sampler("Precise", Steps = 16, Solver = Solver.RungeKutta4, Precision = Precision.Double)]
            public partial class Loaded;
        }
        """;

    [Fact]
    public void PackageHoldsLibraryGeneratorFixesAndTargetsAndDependsOnNothing()
    {
        using ZipArchive archive = ZipFile.OpenRead(package.PackagePath);
        string[] others = ["_rels/", "package/", "docs/"];
        string[] files = [.. archive.Entries.Select(entry => entry.FullName)
            .Where(file => !others.Any(other => file.StartsWith(other, StringComparison.Ordinal))).Order(StringComparer.Ordinal)];
        Assert.Equal(
            [
                "FlowDsl.nuspec",
                "README.md",
                "[Content_Types].xml",
                "analyzers/dotnet/cs/FlowDsl.CodeFixes.dll",
                "analyzers/dotnet/cs/FlowDsl.Generators.dll",
                "analyzers/dotnet/cs/FlowDsl.Mathematics.dll",
                "build/net10.0/FlowDsl.Checks.targets",
                "build/net10.0/FlowDsl.targets",
                "buildTransitive/net10.0/FlowDsl.Checks.targets",
                "buildTransitive/net10.0/FlowDsl.targets",
                "icon.png",
                "lib/net10.0/FlowDsl.Mathematics.dll",
                "lib/net10.0/FlowDsl.Mathematics.xml",
                "lib/net10.0/FlowDsl.dll",
                "lib/net10.0/FlowDsl.xml",
            ],
            files);
        // No dependency, for .NET 10: a group that is not there would say so of every framework.
        XElement group = Assert.Single(Specification(archive, "FlowDsl").Descendants(), element => element.Name.LocalName == "group");
        Assert.Equal("net10.0", group.Attribute("targetFramework")!.Value);
        Assert.Empty(group.Elements());
        // The compiler's copy is the one for netstandard2.0, so the two differ.
        Assert.NotEqual(archive.GetEntry("analyzers/dotnet/cs/FlowDsl.Mathematics.dll")!.Crc32, archive.GetEntry("lib/net10.0/FlowDsl.Mathematics.dll")!.Crc32);
    }

    [Fact]
    public async Task ConsumerBuildsRunsAndBuildsAgainOnlyWhatChanged()
    {
        Consumer consumer = package.CreateConsumer("Good", ("Program.cs", Program), ("Loaded.mixture.json", Mixture), ("Net.profile.json", Profile));
        CommandResult built = await consumer.Build();
        Assert.True(built.ExitCode == 0, built.ToString());
        Assert.Contains("0 Warning(s)", built.Output, StringComparison.Ordinal);

        CommandResult run = await consumer.Run();
        Assert.True(run.ExitCode == 0, run.ToString());
        Dictionary<string, double[]> printed = Read(run.Output);
        Near([0, 0], printed["attributes"], 0.05);
        // Σ w μ = 0.25 (-1, -1) + 0.75 (1, 0.5), times e^-0.001.
        Near([0.5, 0.125], printed["file"], 0.05);
        // ∇ log Σ_k w_k N(x; aμ_k, a²Σ_k + s²I) at t = 0.5, x = (0.3, -0.2), computed apart.
        Near([0.120339, 0.524308], printed["score"], 2e-6);
        Assert.Contains("components 2, times 9", run.Output, StringComparison.Ordinal);
        Near([0.3, 0.001], printed["measured"], 1e-6);

        // Nothing changed: nothing is compiled.
        DateTime before = File.GetLastWriteTimeUtc(consumer.ProgramPath);
        CommandResult again = await consumer.Build();
        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.Equal(before, File.GetLastWriteTimeUtc(consumer.ProgramPath));

        // The mixture file is an input of the compilation.
        consumer.Write("Loaded.mixture.json", Mixture.Replace("[1, 0.5]", "[3, 0.5]", StringComparison.Ordinal));
        CommandResult rebuilt = await consumer.Build();
        Assert.True(rebuilt.ExitCode == 0, rebuilt.ToString());
        Near([2, 0.125], Read((await consumer.Run()).Output)["file"], 0.05);
    }

    [Fact]
    public async Task ConsumerBadInputIsADiagnosticOnTheArgument()
    {
        Consumer consumer = package.CreateConsumer(
            "Bad",
            ("Program.cs",
                """
                using FlowDsl;

                Console.WriteLine("never");

                /// <summary>Weights that do not sum to 1.</summary>
                [GaussianMixture(1)]
                [Component(0.5, -1, Variance = 0.04)]
                [Component(0.4, 1, Variance = 0.04)]
                [Sampler("Fast", Steps = 8)]
                public partial class Unbalanced;
                """));
        CommandResult built = await consumer.Build();
        Assert.NotEqual(0, built.ExitCode);
        Assert.Matches(@"Program\.cs\([678],\d+\): error FLOW0105: .*0\.9", built.Output);
        Assert.DoesNotContain("CS8785", built.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void PackageHoldsThePageOfEveryDiagnostic()
    {
        using ZipArchive archive = ZipFile.OpenRead(package.PackagePath);
        string folder = Path.Combine(PackageFixture.Metadata("RepositoryRoot"), "docs", "diagnostics");
        Assert.Equal(
            Directory.GetFiles(folder).Select(file => "docs/diagnostics/" + Path.GetFileName(file)).Order(StringComparer.Ordinal),
            archive.Entries.Select(entry => entry.FullName).Where(file => file.StartsWith("docs/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("FlowDsl")]
    [InlineData("FlowDsl.Training")]
    [InlineData("FlowDsl.Hosting")]
    [InlineData("FlowDsl.Onnx")]
    public void PackageSaysWhatItIs(string name)
    {
        using ZipArchive archive = ZipFile.OpenRead(package.PathOf(name));
        var values = Specification(archive, name).Root!.Elements().Single().Elements()
            .ToDictionary(element => element.Name.LocalName, element => element.Value);
        Assert.Equal(("icon.png", "README.md", "MIT"), (values["icon"], values["readme"], values["license"]));
        Assert.StartsWith("Copyright (c) 2026", values["copyright"], StringComparison.Ordinal);
        Assert.StartsWith("The first version.", values["releaseNotes"], StringComparison.Ordinal);
        Assert.NotNull(archive.GetEntry("icon.png"));
        Assert.NotNull(archive.GetEntry("README.md"));
        // Nobody has said where the project is published.
        Assert.DoesNotContain("projectUrl", values.Keys);
    }

    [Fact]
    public void TrainingDependsOnFlowDslOfItsOwnVersionOnly()
    {
        using ZipArchive archive = ZipFile.OpenRead(package.PathOf("FlowDsl.Training"));
        XElement dependency = Assert.Single(Specification(archive, "FlowDsl.Training").Descendants(), element => element.Name.LocalName == "dependency");
        Assert.Equal("FlowDsl", dependency.Attribute("id")!.Value);
        Assert.Equal($"[{package.Version}]", dependency.Attribute("version")!.Value);
    }

    [Fact]
    public void HostingDependsOnFlowDslOfItsOwnVersionAndOnItsLibraries()
    {
        using ZipArchive archive = ZipFile.OpenRead(package.PathOf("FlowDsl.Hosting"));
        Dictionary<string, string> dependencies = Specification(archive, "FlowDsl.Hosting").Descendants()
            .Where(element => element.Name.LocalName == "dependency")
            .ToDictionary(element => element.Attribute("id")!.Value, element => element.Attribute("version")!.Value);
        Assert.Equal(
            ["FlowDsl", "FlowDsl.Training", "Parquet.Net", "ScottPlot", "Spectre.Console", "System.CommandLine"],
            dependencies.Keys.Order(StringComparer.Ordinal));
        Assert.Equal($"[{package.Version}]", dependencies["FlowDsl"]);
        Assert.Equal($"[{package.Version}]", dependencies["FlowDsl.Training"]);
    }

    /// <summary>Of FlowDsl it calls what everybody can, so a later version serves too.</summary>
    [Fact]
    public void OnnxDependsOnFlowDslAndOnOnnxRuntimeOnly()
    {
        using ZipArchive archive = ZipFile.OpenRead(package.PathOf("FlowDsl.Onnx"));
        Dictionary<string, string> dependencies = Specification(archive, "FlowDsl.Onnx").Descendants()
            .Where(element => element.Name.LocalName == "dependency")
            .ToDictionary(element => element.Attribute("id")!.Value, element => element.Attribute("version")!.Value);
        Assert.Equal(["FlowDsl", "Microsoft.ML.OnnxRuntime"], dependencies.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(package.Version, dependencies["FlowDsl"]);
    }

    /// <summary>Without framework references of its own, for which a targeting pack would have to be restored too.</summary>
    [Theory]
    [InlineData("net9.0")]
    [InlineData("net8.0")]
    public async Task ConsumerOfAnOlderFrameworkIsToldAtRestore(string framework)
    {
        Consumer consumer = package.CreateConsumer(
            "Old" + framework,
            $"""
            <TargetFramework>{framework}</TargetFramework>
            <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
            <UseAppHost>false</UseAppHost>
            """);
        CommandResult restored = await consumer.Restore();
        Assert.NotEqual(0, restored.ExitCode);
        Assert.Contains($"error NU1202: Package FlowDsl {package.Version} is not compatible with {framework}", restored.Output, StringComparison.Ordinal);
        Assert.Contains("net10.0 (.NETCoreApp,Version=v10.0)", restored.Output, StringComparison.Ordinal);
    }

    /// <summary>As where Microsoft.Net.Compilers.Toolset brings another compiler than the SDK's.</summary>
    [Fact]
    public async Task FLOW0903OlderCompiler()
    {
        Consumer consumer = package.CreateConsumer("Compiler", ("Program.cs", "System.Console.WriteLine();"));
        CommandResult built = await consumer.Build("-p:CompilerApiVersion=roslyn4.14");
        Assert.NotEqual(0, built.ExitCode);
        Assert.Contains(
            "error FLOW0903: FlowDsl needs the C# compiler of version 5.0 or newer, and this build uses version 4.14: update to the .NET 10 SDK",
            built.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("error CS", built.Output, StringComparison.Ordinal);
    }

    private static XDocument Specification(ZipArchive archive, string name)
    {
        using Stream stream = archive.GetEntry(name + ".nuspec")!.Open();
        return XDocument.Load(stream);
    }

    private static Dictionary<string, double[]> Read(string output)
        => output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split(' '))
            .Where(words => words[0] is "attributes" or "file" or "score" or "measured")
            .ToDictionary(words => words[0],
                words => words.Skip(1).Select(word => double.Parse(word, System.Globalization.CultureInfo.InvariantCulture)).ToArray());

    private static void Near(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], tolerance);
    }
}
