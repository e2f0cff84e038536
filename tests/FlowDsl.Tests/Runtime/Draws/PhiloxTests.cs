using FlowDsl.Runtime.Draws;

namespace FlowDsl.Tests;

public class PhiloxTests
{
    // The known answers that Random123, the authors' library, ships for philox4x32 with 10 rounds.
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0ul, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xfffffffffffffffful, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0x299f31d0a4093822ul, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void GivesTheKnownAnswers(uint counter0, uint counter1, uint counter2, uint counter3, ulong key, uint word0, uint word1, uint word2, uint word3)
        => Assert.Equal((word0, word1, word2, word3), Philox.Block(counter0, counter1, counter2, counter3, key));

    // Each bit flipped in counter or key flips each bit of the result about half the time: over 128 x 192 pairs of 256 trials
    // a share outside [0.25, 0.75] (8 standard deviations) has probability below 1e-10.
    [Fact]
    public void EveryInputBitMovesEveryOutputBit()
    {
        const int Trials = 256;
        int[,] flips = new int[192, 128];
        for (int trial = 0; trial < Trials; trial++)
        {
            uint[] input = [(uint)trial, 7, 3, 1, 12345, (uint)(trial * 77)];
            uint[] plain = Words(input);
            for (int bit = 0; bit < 192; bit++)
            {
                input[bit / 32] ^= 1u << (bit % 32);
                uint[] moved = Words(input);
                input[bit / 32] ^= 1u << (bit % 32);
                for (int outBit = 0; outBit < 128; outBit++)
                    flips[bit, outBit] += (int)(((plain[outBit / 32] ^ moved[outBit / 32]) >> (outBit % 32)) & 1);
            }
        }
        foreach (int count in flips) Assert.InRange(count, Trials / 4, Trials * 3 / 4);

        static uint[] Words(uint[] input)
        {
            (uint a, uint b, uint c, uint d) = Philox.Block(input[0], input[1], input[2], input[3], (ulong)input[5] << 32 | input[4]);
            return [a, b, c, d];
        }
    }
}
