namespace FlowDsl.CodeFixes.Tests;

public class UseNearestFileFixTests
{
    private const string Mixture = """{ "weights": [1], "means": [[0]], "covariance_type": "spherical", "covariances": [1] }""";

    [Theory]
    [InlineData("rings.mixture.json", "ring.mixture.json")]
    [InlineData("Ring.mixture.json", "ring.mixture.json")]
    [InlineData("ring.json", "ring.mixture.json")]
    [InlineData("ring", "ring.mixture.json")]
    [InlineData("data/ring.mixture.json", "ring.mixture.json")]
    [InlineData("old_faithful.mixture.json", "old-faithful.mixture.json")]
    public Task NearestName(string before, string after)
        => FixTest<UseNearestFileFix>.Fixes(
            $$"""
            [FlowDsl.GaussianMixture(1, File = {|FLOW0113:"{{before}}"|})]
            public partial class Ring;
            """,
            $"""
            [FlowDsl.GaussianMixture(1, File = "{after}")]
            public partial class Ring;
            """,
            ("/project/fits/ring.mixture.json", Mixture), ("/project/fits/old-faithful.mixture.json", Mixture), ("/project/old_faithful.txt", ""));

    [Fact]
    public Task AllNames()
        => FixTest<UseNearestFileFix>.Fixes(
            """
            using FlowDsl;

            [GaussianMixture(1, File = {|FLOW0113:"rings.mixture.json"|})]
            public partial class Ring;

            [GaussianMixture(1, File = {|FLOW0113:@"fits\disks.mixture.json"|})]
            public partial class Disk;
            """,
            """
            using FlowDsl;

            [GaussianMixture(1, File = "ring.mixture.json")]
            public partial class Ring;

            [GaussianMixture(1, File = "disk.mixture.json")]
            public partial class Disk;
            """,
            ("/project/ring.mixture.json", Mixture), ("/project/disk.mixture.json", Mixture));

    /// <summary>A name that means two files is no better: the one after it is.</summary>
    [Fact]
    public Task NameOfOneFile()
        => FixTest<UseNearestFileFix>.Fixes(
            """
            [FlowDsl.GaussianMixture(1, File = {|FLOW0113:"rings.mixture.json"|})]
            public partial class Ring;
            """,
            """
            [FlowDsl.GaussianMixture(1, File = "a/ring.mixture.json")]
            public partial class Ring;
            """,
            ("/project/a/ring.mixture.json", Mixture), ("/project/b/ring.mixture.json", Mixture),
            ("/.globalconfig", "is_global = true\nbuild_property.ProjectDir = /project/\n"));

    [Theory]
    [InlineData("square.mixture.json")]
    [InlineData("")]
    public Task NotWhereNoNameIsNear(string name)
        => FixTest<UseNearestFileFix>.OffersNothing(
            $$"""
            [FlowDsl.GaussianMixture(1, File = {|FLOW0113:"{{name}}"|})]
            public partial class Ring;
            """,
            ("/project/ring.mixture.json", Mixture));

    [Fact]
    public Task NotWhereTheNameMeansSeveral()
        => FixTest<UseNearestFileFix>.OffersNothing(
            """
            [FlowDsl.GaussianMixture(1, File = {|FLOW0113:"ring.mixture.json"|})]
            public partial class Ring;
            """,
            ("/project/a/ring.mixture.json", Mixture), ("/project/b/ring.mixture.json", Mixture));
}
