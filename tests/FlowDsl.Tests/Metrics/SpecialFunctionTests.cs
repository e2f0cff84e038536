using FlowDsl.Metrics;

namespace FlowDsl.Tests;

public class SpecialFunctionTests
{
    /// <summary>Against 30-digit values: tails of both sides, from one degree of freedom to thousands.</summary>
    [Theory]
    [InlineData(1, 3.841458820694124, 0.050000000000000057)]
    [InlineData(1, 0.01, 0.92034432544594204)]
    [InlineData(1, 150.0, 1.7336432457178264e-34)]
    [InlineData(2, 7.0, 0.030197383422318501)]
    [InlineData(3, 0.5, 0.91889141165467586)]
    [InlineData(5, 11.07, 0.050009618622405482)]
    [InlineData(7, 40.52, 1.0008086410842062e-6)]
    [InlineData(19, 19.0, 0.45683612559196238)]
    [InlineData(24, 5.0, 0.9999874015408968)]
    [InlineData(24, 130.0, 1.5513226365918204e-16)]
    [InlineData(100, 100.0, 0.48119168452795672)]
    [InlineData(999, 1000.0, 0.48513148927490147)]
    [InlineData(999, 1200.0, 1.1129350448258866e-5)]
    [InlineData(5000, 4700.0, 0.99887653861620062)]
    [InlineData(5000, 5400.0, 4.7176355946936413e-5)]
    public void TailsOfChiSquare(int degrees, double statistic, double expected)
        => Compare.Close([expected], [SpecialFunctions.ChiSquareTail(statistic, degrees)], 2e-13);

    [Theory]
    [InlineData(0.5, 0.57236494292470009)]
    [InlineData(1.5, -0.12078223763524522)]
    [InlineData(7.25, 7.0521854507385394)]
    [InlineData(16, 27.899271383840892)]
    [InlineData(123.5, 469.8172754919306)]
    [InlineData(5000, 37582.62631568535)]
    public void LogarithmsOfTheGammaFunction(double a, double expected) => Compare.Close([expected], [SpecialFunctions.LogGamma(a)], 1e-14, 1);

    [Fact]
    public void EndsOfTheTail()
    {
        Assert.Equal(1, SpecialFunctions.ChiSquareTail(0, 3));
        Assert.Equal(0, SpecialFunctions.ChiSquareTail(double.PositiveInfinity, 3));
        Assert.Equal(1, SpecialFunctions.ChiSquareTail(0, 0));
        Assert.True(double.IsNaN(SpecialFunctions.ChiSquareTail(double.NaN, 3)));
    }
}
