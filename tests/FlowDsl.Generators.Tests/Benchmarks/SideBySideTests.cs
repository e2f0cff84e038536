using System.Text.Json.Nodes;
using FlowDsl.Figures;

namespace FlowDsl.Generators.Tests;

public class SideBySideTests
{
    [Fact]
    public void AFirstMachineMakesTheTable()
    {
        (string[] columns, string[][] rows) = SideBySide.Merge(null, "K", "fast", [("2", "1"), ("4", "2")]);
        Assert.Equal(["K", "fast"], columns);
        Assert.Equal([["2", "1"], ["4", "2"]], rows);
    }

    [Fact]
    public void AnotherMachineKeepsTheFirst()
    {
        JsonObject earlier = Table(["K", "fast"], ["2", "1"], ["4", "2"], ["8", "4"]);
        (string[] columns, string[][] rows) = SideBySide.Merge(earlier, "K", "slow", [("4", "20"), ("16", "80")]);
        Assert.Equal(["K", "fast", "slow"], columns);
        Assert.Equal([["4", "2", "20"], ["16", "", "80"], ["2", "1", ""], ["8", "4", ""]], rows);
    }

    [Fact]
    public void AMachineReplacesItsOwnNumbers()
    {
        (string[] columns, string[][] rows) = SideBySide.Merge(Table(["K", "slow", "fast"], ["2", "10", "1"], ["4", "", "2"]), "K", "fast", [("2", "3")]);
        Assert.Equal(["K", "slow", "fast"], columns);
        // Nobody has the row of 4 any more.
        Assert.Equal([["2", "10", "3"]], rows);
    }

    [Fact]
    public void MachinesAreListedOnce()
    {
        JsonObject earlier = Table(["machine", "measured", ""], ["slow", "2020-01-01", "old"], ["fast", "2020-01-01", "old"]);
        (string[] columns, string[][] rows) = SideBySide.Machines(earlier, "fast", "new");
        Assert.Equal(3, columns.Length);
        Assert.Equal([("slow", "old"), ("fast", "new")], rows.Select(row => (row[0], row[2])));
        Assert.NotEqual("2020-01-01", rows[1][1]);
    }

    private static JsonObject Table(string[] columns, params string[][] rows)
        => new() { ["columns"] = Cells(columns), ["rows"] = new JsonArray([.. rows.Select(Cells)]) };

    private static JsonNode Cells(string[] cells) => new JsonArray([.. cells.Select(cell => (JsonNode)cell)]);
}
