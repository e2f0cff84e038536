// What the native peers share: the vector functions of the generated samplers, and blocks of samples held by coordinate.
#pragma once
#include <immintrin.h>
#include <cstddef>
#include <cstring>

// Vectors of 8 or of 16 lanes, whichever the peer is compiled for, and how many sums a tile keeps in registers.
#ifndef LANES
#define LANES 8
#endif
#if LANES == 16
#define PS(operation) _mm512_##operation##_ps
#define EPI32(operation) _mm512_##operation##_epi32
#define PS_OF(bits) _mm512_castsi512_ps(bits)
#define BITS_OF(x) _mm512_castps_si512(x)
typedef __m512 Lanes;
typedef __m512i LaneBits;
static constexpr int Sums = 24; // of 32 registers
#else
#define PS(operation) _mm256_##operation##_ps
#define EPI32(operation) _mm256_##operation##_epi32
#define PS_OF(bits) _mm256_castsi256_ps(bits)
#define BITS_OF(x) _mm256_castps_si256(x)
typedef __m256 Lanes;
typedef __m256i LaneBits;
static constexpr int Sums = 8; // of 16 registers
#endif
static constexpr size_t Group = 4 * LANES; // samples of the most vectors that are computed side by side

// 2^x for x up to 126; exponents below -100 count as -100.
static inline Lanes exp2_ps(Lanes x)
{
    x = PS(max)(PS(set1)(-100.f), x);
    const Lanes magic = PS(set1)(12582912.f);
    const Lanes rounded = PS(add)(x, magic);
    const Lanes f = PS(sub)(x, PS(sub)(rounded, magic));
    Lanes p = PS(fmadd)(f, PS(set1)(0.0013264695f), PS(set1)(0.009671696f));
    p = PS(fmadd)(f, p, PS(set1)(0.055507228f));
    p = PS(fmadd)(f, p, PS(set1)(0.2402224f));
    p = PS(fmadd)(f, p, PS(set1)(0.693147f));
    p = PS(fmadd)(f, p, PS(set1)(1.f));
    return PS_OF(EPI32(add)(BITS_OF(p), EPI32(slli)(BITS_OF(rounded), 23)));
}

// The same to 2.9e-6.
static inline Lanes exp2_coarse_ps(Lanes x)
{
    x = PS(max)(PS(set1)(-100.f), x);
    const Lanes magic = PS(set1)(12582912.f);
    const Lanes rounded = PS(add)(x, magic);
    const Lanes f = PS(sub)(x, PS(sub)(rounded, magic));
    Lanes p = PS(fmadd)(f, PS(set1)(0.009582853f), PS(set1)(0.055906426f));
    p = PS(fmadd)(f, p, PS(set1)(0.24024099f));
    p = PS(fmadd)(f, p, PS(set1)(0.6931242f));
    p = PS(fmadd)(f, p, PS(set1)(1.f));
    return PS_OF(EPI32(add)(BITS_OF(p), EPI32(slli)(BITS_OF(rounded), 23)));
}

// 2^x and 2^-x for |x| up to 126, of one range reduction.
static inline Lanes exp2_pair_ps(Lanes x, Lanes& reciprocal)
{
    const Lanes magic = PS(set1)(12582912.f);
    const Lanes rounded = PS(add)(x, magic);
    const Lanes f = PS(sub)(x, PS(sub)(rounded, magic)), square = PS(mul)(f, f);
    Lanes odd = PS(fmadd)(square, PS(set1)(0.0013264695f), PS(set1)(0.055507228f));
    odd = PS(mul)(f, PS(fmadd)(square, odd, PS(set1)(0.693147f)));
    Lanes even = PS(fmadd)(square, PS(set1)(0.009671696f), PS(set1)(0.2402224f));
    even = PS(fmadd)(square, even, PS(set1)(1.f));
    const LaneBits exponent = EPI32(slli)(BITS_OF(rounded), 23);
    reciprocal = PS_OF(EPI32(sub)(BITS_OF(PS(sub)(even, odd)), exponent));
    return PS_OF(EPI32(add)(BITS_OF(PS(add)(even, odd)), exponent));
}

#if LANES == 16
static inline Lanes abs_ps(Lanes x) { return _mm512_abs_ps(x); }

static inline Lanes copysign_ps(Lanes x, Lanes sign)
{
    return _mm512_castsi512_ps(_mm512_ternarylogic_epi32(_mm512_set1_epi32(0x7fffffff), _mm512_castps_si512(x), _mm512_castps_si512(sign), 0xca));
}

static inline Lanes keep_if_less_ps(Lanes left, Lanes right, Lanes value)
{
    return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(left, right, _CMP_LT_OQ), value);
}

static inline bool is_any_positive(Lanes x) { return _mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_GT_OQ) != 0; }
#else
static inline Lanes abs_ps(Lanes x) { return _mm256_andnot_ps(_mm256_set1_ps(-0.f), x); }

static inline Lanes copysign_ps(Lanes x, Lanes sign)
{
    const Lanes mask = _mm256_set1_ps(-0.f);
    return _mm256_or_ps(_mm256_andnot_ps(mask, x), _mm256_and_ps(mask, sign));
}

static inline Lanes keep_if_less_ps(Lanes left, Lanes right, Lanes value)
{
    return _mm256_and_ps(_mm256_cmp_ps(left, right, _CMP_LT_OQ), value);
}

static inline bool is_any_positive(Lanes x) { return _mm256_movemask_ps(_mm256_cmp_ps(x, _mm256_setzero_ps(), _CMP_GT_OQ)) != 0; }
#endif

static inline Lanes round_ps(Lanes x)
{
    const Lanes magic = PS(set1)(12582912.f);
    return PS(sub)(PS(add)(x, magic), magic);
}

static inline bool any_positive(const float* row, size_t count)
{
    Lanes any = PS(setzero)();
    for (size_t i = 0; i < count; i += LANES) any = PS(max)(any, PS(load)(row + i));
    return is_any_positive(any);
}

static inline void transpose8(__m256 (&r)[8])
{
    __m256 t[8], u[8];
    for (int i = 0; i < 8; i += 2)
    {
        t[i] = _mm256_unpacklo_ps(r[i], r[i + 1]);
        t[i + 1] = _mm256_unpackhi_ps(r[i], r[i + 1]);
    }
    for (int i = 0; i < 8; i += 4)
    {
        u[i] = _mm256_shuffle_ps(t[i], t[i + 2], 0x44);
        u[i + 1] = _mm256_shuffle_ps(t[i], t[i + 2], 0xee);
        u[i + 2] = _mm256_shuffle_ps(t[i + 1], t[i + 3], 0x44);
        u[i + 3] = _mm256_shuffle_ps(t[i + 1], t[i + 3], 0xee);
    }
    for (int i = 0; i < 4; i++)
    {
        r[i] = _mm256_permute2f128_ps(u[i], u[i + 4], 0x20);
        r[i + 4] = _mm256_permute2f128_ps(u[i], u[i + 4], 0x31);
    }
}

// Samples of D values into D rows; the lanes from n to padded become zeros.
template <int D, size_t Stride>
static inline void to_rows(const float* samples, size_t n, size_t padded, float* rows)
{
    size_t i = 0;
    if constexpr (D == 2)
    {
        for (; i + 8 <= n; i += 8)
        {
            const __m256 a = _mm256_loadu_ps(samples + 2 * i), b = _mm256_loadu_ps(samples + 2 * i + 8);
            _mm256_store_ps(rows + i, _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(_mm256_shuffle_ps(a, b, 0x88)), 0xd8)));
            _mm256_store_ps(rows + Stride + i, _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(_mm256_shuffle_ps(a, b, 0xdd)), 0xd8)));
        }
    }
    else if constexpr (D % 8 == 0)
    {
        for (; i + 8 <= n; i += 8)
            for (int j = 0; j < D; j += 8)
            {
                __m256 r[8];
                for (int s = 0; s < 8; s++) r[s] = _mm256_loadu_ps(samples + (i + s) * D + j);
                transpose8(r);
                for (int s = 0; s < 8; s++) _mm256_store_ps(rows + (j + s) * Stride + i, r[s]);
            }
    }
    for (; i < padded; i++)
        for (int j = 0; j < D; j++) rows[j * Stride + i] = i < n ? samples[i * D + j] : 0.f;
}

template <int D, size_t Stride>
static inline void from_rows(const float* rows, size_t n, float* samples)
{
    size_t i = 0;
    if constexpr (D == 2)
    {
        for (; i + 8 <= n; i += 8)
        {
            const __m256 x = _mm256_load_ps(rows + i), y = _mm256_load_ps(rows + Stride + i);
            const __m256 lower = _mm256_unpacklo_ps(x, y), upper = _mm256_unpackhi_ps(x, y);
            _mm256_storeu_ps(samples + 2 * i, _mm256_permute2f128_ps(lower, upper, 0x20));
            _mm256_storeu_ps(samples + 2 * i + 8, _mm256_permute2f128_ps(lower, upper, 0x31));
        }
    }
    else if constexpr (D % 8 == 0)
    {
        for (; i + 8 <= n; i += 8)
            for (int j = 0; j < D; j += 8)
            {
                __m256 r[8];
                for (int s = 0; s < 8; s++) r[s] = _mm256_load_ps(rows + (j + s) * Stride + i);
                transpose8(r);
                for (int s = 0; s < 8; s++) _mm256_storeu_ps(samples + (i + s) * D + j, r[s]);
            }
    }
    for (; i < n; i++)
        for (int j = 0; j < D; j++) samples[i * D + j] = rows[j * Stride + i];
}

// Runs steps(rows, padded) on every block; padded is a multiple of V vectors, and so must Stride be.
template <int D, size_t RowCount, size_t Stride, int V, class Steps>
static inline void for_blocks(float* samples, size_t count, Steps steps)
{
    static_assert(Stride % (LANES * V) == 0, "A block holds whole groups of vectors.");
    alignas(64) float rows[RowCount * Stride];
    for (size_t first = 0; first < count; first += Stride)
    {
        const size_t n = count - first < Stride ? count - first : Stride, padded = (n + LANES * V - 1) / (LANES * V) * (LANES * V);
        to_rows<D, Stride>(samples + first * D, n, padded, rows);
        steps(rows, padded);
        from_rows<D, Stride>(rows, n, samples + first * D);
    }
}
