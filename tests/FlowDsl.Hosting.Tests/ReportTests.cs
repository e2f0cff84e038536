using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using FlowDsl.Hosting;
using FlowDsl.Hosting.Commands;
using FlowDsl.Hosting.Output;
using FlowDsl.Hosting.Registry;
using FlowDsl.Hosting.Reports.Writing;
using FlowDsl.Tests.Hosted;

namespace FlowDsl.Tests;

/// <summary>The page that <c>report</c> writes.</summary>
public class ReportTests
{
    public static TheoryData<string> Names => ["Alone", "Bell", "Clover", "Folding", "Line", "Outer.Loud", "Quintet", "Trained", "TwoModes"];

    /// <summary>HTML that is XML too, with every identifier once and every reference to one of them.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void PageIsWellFormedAndNeedsNoOther(string name)
    {
        using var folder = new TemporaryFolder();
        XElement page = Page(folder, $"report {name} -n 300 --out {folder["a.html"]}");
        string text = File.ReadAllText(folder["a.html"], Encoding.UTF8);
        Assert.DoesNotContain("http", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", text, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", text, StringComparison.Ordinal);
        Assert.Empty(page.Descendants().Attributes("src"));
        Assert.InRange(new FileInfo(folder["a.html"]).Length, 10_000, 1_500_000);

        string[] ids = [.. page.DescendantsAndSelf().Attributes("id").Select(attribute => attribute.Value)];
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids.Distinct().Order(StringComparer.Ordinal));
        string[] addresses = [.. page.Descendants().Attributes("href").Select(attribute => attribute.Value).Where(value => value != "data:,")];
        Assert.NotEmpty(addresses);
        Assert.All(addresses, address => Assert.Contains(address, ids.Select(id => "#" + id)));
        string[] references = [.. page.Descendants().Attributes().Where(attribute => attribute.Name.LocalName is "aria-labelledby" or "aria-describedby")
            .Select(attribute => attribute.Value)];
        Assert.All(references, reference => Assert.Contains(reference, ids));
        // Nothing that is not a number was drawn.
        Assert.DoesNotContain(page.Descendants().Attributes("d"), attribute => attribute.Value.AsSpan().ContainsAny('N', '∞'));
    }

    /// <summary>Pictures have names and descriptions, tables captions and headers, whatever the reader's means.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void EverythingHasAName(string name)
    {
        using var folder = new TemporaryFolder();
        XElement page = Page(folder, $"report {name} -n 300 --out {folder["a.html"]}");
        Assert.All(page.Descendants("svg").Where(svg => svg.Attribute("aria-hidden") is null), svg =>
        {
            Assert.Equal("img", svg.Attribute("role")?.Value);
            Assert.NotEmpty(svg.Element("title")!.Value);
            Assert.NotEmpty(svg.Element("desc")!.Value);
        });
        Assert.All(page.Descendants("table"), table => Assert.NotEmpty(table.Element("caption")!.Value));
        Assert.All(page.Descendants("th"), head => Assert.Contains(head.Attribute("scope")?.Value, new[] { "row", "col" }));
        Assert.All(page.Descendants("figure"), figure =>
        {
            Assert.NotEmpty(figure.Element("figcaption")!.Value);
            Assert.Single(figure.Elements("p").Descendants("code"));
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryCommandIsOneOfThisHost(string name)
    {
        using var folder = new TemporaryFolder();
        XElement page = Page(folder, $"report {name} -n 300 --seed 5 --out {folder["a.html"]}");
        string[] commands = [.. page.Descendants("code").Select(code => code.Value).Distinct()];
        Assert.NotEmpty(commands);
        RootCommand root = FlowHost.Root(new HostContext(new HostConsole(TextWriter.Null, TextWriter.Null), static () => ModelRegistry.Models));
        foreach (string command in commands)
        {
            Assert.StartsWith(CommandLines.Prefix, command, StringComparison.Ordinal);
            string words = command[CommandLines.Prefix.Length..];
            Assert.Empty(root.Parse(words.Split(' ')).Errors);
            // These write no file: they can as well be run.
            string[] printing = ["show ", "compare ", "grid "];
            if (printing.Any(command => words.StartsWith(command, StringComparison.Ordinal)))
                CommandLine.Run(words).Done();
        }
        Assert.Contains(commands, command => command.EndsWith("--seed 5 --out report.html", StringComparison.Ordinal));
    }

    /// <summary>The keys by which the table is sorted are the comparison's numbers to the last digit.</summary>
    [Fact]
    public void KeysAreTheNumbers()
    {
        using var folder = new TemporaryFolder();
        XElement page = Page(folder, $"report TwoModes -n 500 --seed 3 --out {folder["a.html"]}");
        FlowComparison expected = FlowComparison.Create(GaussianMixtureModel.From<TwoModes>(), 500, 3)
            .Add<TwoModes.Fast, float>().Add<TwoModes.Coarse, float>().Add<TwoModes.Precise, double>();
        XElement[] rows = [.. page.Descendants("table").Single(table => table.Parent!.Attribute("id")?.Value == "samplers-table").Element("tbody")!.Elements()];
        Assert.Equal(["Fast", "Coarse", "Precise", "Learned"], rows.Select(row => row.Element("th")!.Value));
        Assert.Equal(
            expected.Samplers.Select(
                sampler => (sampler.FunctionEvaluations, sampler.RelativeMeanSquaredError, sampler.MedianError, sampler.HighError, sampler.FlipShare)),
            rows[..3].Select(row => ((int)Key(row, 4), Key(row, 5), Key(row, 8), Key(row, 9), Key(row, 10))));
        // The student without weights has none, and says so.
        Assert.Equal("", rows[3].Elements().ElementAt(5).Attribute("data-key")!.Value);
        Assert.Equal("not known", rows[3].Elements().ElementAt(5).Value);

        static double Key(XElement row, int column)
            => double.Parse(row.Elements().ElementAt(column).Attribute("data-key")!.Value, CultureInfo.InvariantCulture);
    }

    /// <summary>Formulas, parameters and origin are there, by the process.</summary>
    [Theory]
    [InlineData("TwoModes", "Components", "1−e−2t")]
    [InlineData("Line", "Components", "a=1−t,s=t")]
    [InlineData("Outer.Loud", "The component", "a=1,s=t")]
    public void PageHoldsTheModelAndItsOrigin(string name, string table, string formula)
    {
        using var folder = new TemporaryFolder();
        XElement page = Page(folder, $"report {name} -n 300 --seed 17 --out {folder["a.html"]}");
        Assert.Contains(page.Descendants("math"), math => math.Value.Contains(formula, StringComparison.Ordinal));
        Assert.Contains(page.Descendants("caption"), caption => caption.Value == table);
        string origin = page.Descendants("section").Single(section => section.Attribute("id")?.Value == "origin").Value;
        Assert.Contains(SamplingArithmetic.Current.ToString(), origin, StringComparison.Ordinal);
        Assert.Contains("17", origin, StringComparison.Ordinal);
        Assert.Contains(DateTimeOffset.UtcNow.ToString("yyyy-", CultureInfo.InvariantCulture), origin, StringComparison.Ordinal);
    }

    /// <summary>Large mixtures are cut with a word about it.</summary>
    [Fact]
    public void LongTablesSayHowMuchTheyShow()
    {
        double[] weights = [.. Enumerable.Repeat(1.0 / 25, 25)];
        var mixture = new FlowDsl.Mathematics.Mixture(
            weights, [.. weights.Select((_, k) => new double[] { k, 1 })], [.. weights.Select(_ => FlowDsl.Mathematics.Covariance.Isotropic(2, 0.1))]);
        XElement table = XElement.Parse(ComponentTable.Of(mixture));
        Assert.Equal("The first 20 of 25 components", table.Descendants("caption").Single().Value);
        Assert.Equal(20, table.Descendants("tbody").Single().Elements().Count());
    }

    [Fact]
    public void JsonSaysWhatWasWritten()
    {
        using var folder = new TemporaryFolder();
        var json = CommandLine.Run($"report Clover --samples 300 --seed 9 --out {folder["a.html"]} --json").Json();
        Assert.Equal(
            ("FlowDsl.Tests.Hosted.Clover", 300L, 9L, folder["a.html"], new FileInfo(folder["a.html"]).Length),
            (json.GetProperty("model").GetString(), json.GetProperty("count").GetInt64(), json.GetProperty("seed").GetInt64(),
                json.GetProperty("file").GetString(), json.GetProperty("bytes").GetInt64()));
        XElement page = Parse(folder["a.html"]);
        Assert.Equal(json.GetProperty("figures").GetInt32(), page.Descendants("figure").Count());
        Assert.True(json.GetProperty("seconds").GetDouble() > 0);
    }

    [Fact]
    public void ExistingFileIsKeptWithoutForce()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.html"], "mine");
        CommandLine.Run($"report Bell -n 50 --out {folder["a.html"]}").Fails(1, "a.html", "--force");
        Assert.Equal("mine", File.ReadAllText(folder["a.html"]));
        CommandLine.Run($"report Bell -n 50 --out {folder["a.html"]} --force").Done();
        Assert.StartsWith("<!DOCTYPE html>\n", File.ReadAllText(folder["a.html"]), StringComparison.Ordinal);
        Assert.Equal(["a.html"], folder.Files);
    }

    [Theory]
    [InlineData("report TwoModes", "--out")]
    [InlineData("report --out a.html", "MODEL")]
    [InlineData("report TwoModes --out a.pdf", "a.pdf", ".html")]
    [InlineData("report TwoModes --samples 0 --out a.html", "--samples is '0'", "from 1")]
    [InlineData("report TwoModes --seed x --out a.html", "--seed is 'x'")]
    [InlineData("report Nothing --out a.html", "'Nothing'")]
    public void BadUsageIsNamed(string words, params string[] expected) => CommandLine.Run(words).Fails(2, expected);

    [Fact]
    public void MissingFolderIsNamed() => CommandLine.Run("report TwoModes --out missing/a.html").Fails(1, "missing", "folder");

    [Fact]
    public void CancelledLeavesNothing()
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        cancellation.CancelAfter(50);
        CommandLine.Run($"report TwoModes --samples 1e8 --out {folder["a.html"]}", cancellation.Token).Fails(130, "Cancelled");
        Assert.Empty(folder.Files);
    }

    private static XElement Page(TemporaryFolder folder, string words)
    {
        CommandLine.Run(words).Done();
        Assert.Equal(["a.html"], folder.Files);
        return Parse(folder["a.html"]);
    }

    private static XElement Parse(string path)
    {
        using XmlReader reader = XmlReader.Create(path, new XmlReaderSettings { DtdProcessing = DtdProcessing.Parse, XmlResolver = null });
        return XDocument.Load(reader).Root!;
    }
}
