using FlowDsl.Data;

namespace FlowDsl.Tests.Data;

/// <summary>Packed rows are the rows, wherever they lie and whatever zeros are left out.</summary>
public class PackedRowsTests
{
    [Theory]
    [InlineData(1, 3)]
    [InlineData(77, 128)]
    [InlineData(150, 300)]
    public void RowsAreThoseOfTheData(int n, int d)
    {
        // Whole blocks of 5 coordinates are 7.
        double[] noise = DataSets.Noise(n * d, 3), values = [.. noise.Select((value, i) => (i / d + i % d / 5) % 3 == 0 ? value : 7)];
        double[] mean = [.. Enumerable.Range(0, d).Select(j => Enumerable.Range(0, n).Average(i => values[i * d + j]))];
        double[] vector = DataSets.Noise(d, 4), own = new double[d];
        var rows = new MemoryRows(values, d);
        var layout = new RowLayout(rows, mean);
        var packed = PackedRows.Of(rows, mean, layout);
        Assert.Equal(Enumerable.Range(0, n), Enumerable.Range(0, n).Select(layout.RowAt).Order());
        for (int place = 0; place < n; place++)
        {
            packed.CopyRow(place, own);
            double square = 0, product = 0;
            for (int j = 0; j < d; j++)
            {
                double expected = values[layout.RowAt(place) * d + j] - mean[j];
                Assert.Equal(expected, own[j], 1e-6);
                square += expected * expected;
                product += expected * vector[j];
            }
            Assert.Equal(0.5 * square, packed.HalfSquares[place], 1e-5 * (1 + square));
            Assert.Equal(product, packed.Product(place, vector) + packed.OriginProduct(vector), 1e-4);
            Assert.True(Math.Sqrt(square) <= packed.Radius * (1 + 1e-6));
        }
        if (n > 1) Assert.InRange(packed.Density, 1.0 / 3, 0.6);
    }

    [Fact]
    public void RareValuesAreNoOrigin()
    {
        double[] values = DataSets.Noise(400 * 5, 5), mean = [0.25, 0, 0, 0, 0];
        var layout = new RowLayout(new MemoryRows(values, 5), mean);
        Assert.Equal(mean, layout.Origin);
        Assert.Equal(Enumerable.Range(0, 400), Enumerable.Range(0, 400).Select(layout.RowAt));
    }
}
