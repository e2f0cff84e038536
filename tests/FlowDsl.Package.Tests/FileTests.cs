namespace FlowDsl.Tests;

/// <summary>Which of a project's files the compiler sees, and by which names.</summary>
[Collection(PackageCollection.Name)]
public class FileTests(PackageFixture package)
{
    private const string Program =
        """
        using System.Globalization;
        using FlowDsl;

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"means {Mean<Nested>()} {Mean<AtTheRoot>()} {Mean<Linked>()} {Mean<FromElsewhere>()}"));

        static double Mean<T>() where T : IGaussianMixture<T> => GaussianMixtureModel.From<T>().Mixture.Means[0][0];

        /// <summary>By the end of its path: copies anywhere would leave it open which one is meant.</summary>
        [GaussianMixture(1, File = "Nested.mixture.json")]
        public partial class Nested;

        /// <summary>By all of its path.</summary>
        [GaussianMixture(1, File = "Root.mixture.json")]
        public partial class AtTheRoot;

        /// <summary>By the name that the project gives it.</summary>
        [GaussianMixture(1, File = "Linked.mixture.json")]
        public partial class Linked;

        /// <summary>By its own name, from another folder.</summary>
        [GaussianMixture(1, File = "Other.mixture.json")]
        public partial class FromElsewhere;
        """;

    /// <summary>The program itself is unchanged; only the file that its mixture is in is another.</summary>
    [Fact]
    public async Task ProgramOfOneFileSeesAChangedMixture()
    {
        Consumer consumer = package.CreatePublicConsumer("Changed", "");
        consumer.Write("mean/Own.mixture.json", Mixture(1));
        CommandResult first = await consumer.RunFile("mean",
            $"""
            #:package FlowDsl@{package.Version}
            using FlowDsl;

            Console.WriteLine(GaussianMixtureModel.From<Own>().Mixture.Means[0][0]);

            [GaussianMixture(1, File = "Own.mixture.json")]
            public partial class Own;
            """);
        consumer.Write("mean/Own.mixture.json", Mixture(2));
        CommandResult second = await consumer.RunFile("mean");
        Assert.Equal((0, "1"), (first.ExitCode, first.Output.Trim()));
        Assert.Equal((0, "2"), (second.ExitCode, second.Output.Trim()));
    }

    [Fact]
    public async Task ConsumerCopiesThatTheSdkLeavesOutAreNotSeenAndTheProjectsOwnFileWins()
    {
        Consumer consumer = package.CreateConsumer(
            "Copies", ("Program.cs", Program), ("data/Nested.mixture.json", Mixture(1)), ("Root.mixture.json", Mixture(2)));
        foreach (string folder in new[] { ".hidden", "bin/old", "obj/old", "published", "skipped", "data/.checkpoints" })
        {
            consumer.Write($"{folder}/Nested.mixture.json", "a copy that nobody means");
            consumer.Write($"{folder}/Root.mixture.json", "a copy that nobody means");
        }
        // Seen, but not the file of that path.
        consumer.Write("below/Root.mixture.json", Mixture(-2));
        // Not opened: as text it would be an error of the compiler's own.
        File.WriteAllBytes(Path.Combine(consumer.Folder, "checkpoint.safetensors"), [0xFF, 0xFE, 0x00, 0xD8, 0x00]);
        consumer.Write("../Elsewhere/Fit.mixture.json", Mixture(3));
        consumer.Write("../Elsewhere/Other.mixture.json", Mixture(4));
        consumer.Write("Directory.Build.props",
            """
            <Project>
              <PropertyGroup>
                <PublishDir>published/</PublishDir>
                <DefaultItemExcludes>$(DefaultItemExcludes);skipped/**</DefaultItemExcludes>
              </PropertyGroup>
              <ItemGroup>
                <AdditionalFiles Include="../Elsewhere/Fit.mixture.json" Link="models/Linked.mixture.json" />
                <AdditionalFiles Include="../Elsewhere/Other.mixture.json" />
              </ItemGroup>
            </Project>
            """);

        CommandResult built = await consumer.Build();
        Assert.True(built.ExitCode == 0, built.ToString());
        CommandResult run = await consumer.Run();
        Assert.Contains("means 1 2 3 4", run.Output, StringComparison.Ordinal);
    }

    private static string Mixture(double mean)
        => $$"""
           {
             "weights": [1], "means": [[{{mean.ToString(System.Globalization.CultureInfo.InvariantCulture)}}]],
             "covariance_type": "spherical", "covariances": [1]
           }
           """;
}
