namespace FlowDsl.Tests;

/// <summary>What a user does with the host: one line in Main, and commands over the declared models.</summary>
[Collection(PackageCollection.Name)]
public class HostingTests(PackageFixture package)
{
    private const string Program =
        """
        using FlowDsl;
        using FlowDsl.Hosting;

        return FlowHost.Run(args);

        /// <summary>Two modes.</summary>
        [GaussianMixture(2)]
        [Component(0.3, -1.2, 0.9, Variance = 0.04)]
        [Component(0.7, 1.2, -0.9, Variance = 0.04)]
        [Sampler("Fast", Steps = 8)]
        public partial class TwoModes;
        """;

    [Fact]
    public async Task CommandsRunOverTheModelsOfTheProgram()
    {
        Consumer consumer = package.CreateHost("Hosted", ("Program.cs", Program));
        CommandResult built = await consumer.Build();
        Assert.True(built.ExitCode == 0, built.ToString());
        Assert.Contains("0 Warning(s)", built.Output, StringComparison.Ordinal);

        CommandResult list = await consumer.Run("list");
        Assert.True(list.ExitCode == 0, list.ToString());
        Assert.Contains("TwoModes.Fast", list.Output, StringComparison.Ordinal);
        foreach (string file in new[] { "samples.npy", "samples.parquet", "samples.csv" })
        {
            CommandResult sampled = await consumer.Run("sample", "twomodes.f", "-n", "1e5", "--out", Path.Combine(consumer.Folder, file));
            Assert.True(sampled.ExitCode == 0, sampled.ToString());
            Assert.InRange(new FileInfo(Path.Combine(consumer.Folder, file)).Length, 800_000, 3_000_000);
        }
        string plot = Path.Combine(consumer.Folder, "errors.png");
        CommandResult compared = await consumer.Run("compare", "TwoModes", "--plot", plot);
        Assert.True(compared.ExitCode == 0, compared.ToString());
        Assert.True(File.Exists(plot));

        CommandResult wrong = await consumer.Run("show", "TwoMods");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("did you mean 'TwoModes'?", wrong.Error, StringComparison.Ordinal);
    }
}
