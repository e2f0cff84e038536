using System.Numerics;
using FlowDsl.Examples.Arithmetic;

namespace FlowDsl.Examples.Transformers;

/// <summary>The numbers of a time-free transformer; their defaults are the published ones.</summary>
/// <param name="Blocks">The number of blocks, at least 1.</param>
/// <param name="Tokens">The number of tokens, one for each coordinate; whole pairs of vectors.</param>
/// <param name="Width">The number of channels of a token.</param>
/// <param name="Heads">The number of heads, which divide the channels into multiples of four.</param>
/// <param name="Hidden">The units between the two layers of a token's own network.</param>
internal sealed record TransformerShape(int Blocks, int Tokens = 64, int Width = 128, int Heads = 4, int Hidden = 512)
{
    /// <summary>The channels of a head.</summary>
    public int HeadWidth => Width / Heads;

    /// <summary>Throws where there is no such transformer.</summary>
    /// <exception cref="ArgumentException">A number is not valid.</exception>
    public void Check()
    {
        int pair = 2 * Vector<float>.Count;
        if (Blocks < 1) throw new ArgumentException($"{nameof(Blocks)} is {Blocks}; it must be at least 1.");
        if (Tokens < 1 || Tokens % pair != 0) throw new ArgumentException($"{nameof(Tokens)} is {Tokens}; it must be a multiple of {pair}.");
        if (Heads < 1 || Width < 1 || Width % (RowProducts.Height * Heads) != 0)
            throw new ArgumentException($"{nameof(Width)} is {Width}; {Heads} heads need a multiple of {RowProducts.Height * Heads}.");
        if (Hidden < 2 || Hidden % 2 != 0) throw new ArgumentException($"{nameof(Hidden)} is {Hidden}; it must be even.");
    }
}
