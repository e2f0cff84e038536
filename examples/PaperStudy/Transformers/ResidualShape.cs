namespace FlowDsl.Examples.Transformers;

/// <summary>The numbers of a composition of residual blocks; the defaults are the paper's.</summary>
/// <param name="Blocks">L, the number of blocks, at least 1.</param>
/// <param name="Dimension">The number of coordinates, even.</param>
/// <param name="Hidden">The units of each of a block's two hidden layers, even.</param>
/// <param name="TotalTime">βT, which the blocks divide evenly.</param>
internal sealed record ResidualShape(int Blocks, int Dimension = 64, int Hidden = 128, double TotalTime = 5)
{
    /// <summary>Throws where there is no such composition.</summary>
    /// <exception cref="ArgumentException">A number is not valid.</exception>
    public void Check()
    {
        if (Blocks < 1) throw new ArgumentException($"{nameof(Blocks)} is {Blocks}; it must be at least 1.");
        if (Dimension < 2 || Dimension % 2 != 0) throw new ArgumentException($"{nameof(Dimension)} is {Dimension}; it must be even.");
        if (Hidden < 2 || Hidden % 2 != 0) throw new ArgumentException($"{nameof(Hidden)} is {Hidden}; it must be even.");
    }
}
