// What the native peers share: the vector functions of the generated samplers, and blocks of samples held by coordinate.
#pragma once
#include <immintrin.h>
#include <cstddef>
#include <cstring>

// 2^x for x up to 126; exponents below -100 count as -100.
static inline __m256 exp2_ps(__m256 x)
{
    x = _mm256_max_ps(_mm256_set1_ps(-100.f), x);
    const __m256 magic = _mm256_set1_ps(12582912.f);
    const __m256 rounded = _mm256_add_ps(x, magic);
    const __m256 f = _mm256_sub_ps(x, _mm256_sub_ps(rounded, magic));
    __m256 p = _mm256_fmadd_ps(f, _mm256_set1_ps(0.0013264695f), _mm256_set1_ps(0.009671696f));
    p = _mm256_fmadd_ps(f, p, _mm256_set1_ps(0.055507228f));
    p = _mm256_fmadd_ps(f, p, _mm256_set1_ps(0.2402224f));
    p = _mm256_fmadd_ps(f, p, _mm256_set1_ps(0.693147f));
    p = _mm256_fmadd_ps(f, p, _mm256_set1_ps(1.f));
    return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(p), _mm256_slli_epi32(_mm256_castps_si256(rounded), 23)));
}

// The same to 2.9e-6.
static inline __m256 exp2_coarse_ps(__m256 x)
{
    x = _mm256_max_ps(_mm256_set1_ps(-100.f), x);
    const __m256 magic = _mm256_set1_ps(12582912.f);
    const __m256 rounded = _mm256_add_ps(x, magic);
    const __m256 f = _mm256_sub_ps(x, _mm256_sub_ps(rounded, magic));
    __m256 p = _mm256_fmadd_ps(f, _mm256_set1_ps(0.009582853f), _mm256_set1_ps(0.055906426f));
    p = _mm256_fmadd_ps(f, p, _mm256_set1_ps(0.24024099f));
    p = _mm256_fmadd_ps(f, p, _mm256_set1_ps(0.6931242f));
    p = _mm256_fmadd_ps(f, p, _mm256_set1_ps(1.f));
    return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(p), _mm256_slli_epi32(_mm256_castps_si256(rounded), 23)));
}

// 2^x and 2^-x for |x| up to 126, of one range reduction.
static inline __m256 exp2_pair_ps(__m256 x, __m256& reciprocal)
{
    const __m256 magic = _mm256_set1_ps(12582912.f);
    const __m256 rounded = _mm256_add_ps(x, magic);
    const __m256 f = _mm256_sub_ps(x, _mm256_sub_ps(rounded, magic)), square = _mm256_mul_ps(f, f);
    __m256 odd = _mm256_fmadd_ps(square, _mm256_set1_ps(0.0013264695f), _mm256_set1_ps(0.055507228f));
    odd = _mm256_mul_ps(f, _mm256_fmadd_ps(square, odd, _mm256_set1_ps(0.693147f)));
    __m256 even = _mm256_fmadd_ps(square, _mm256_set1_ps(0.009671696f), _mm256_set1_ps(0.2402224f));
    even = _mm256_fmadd_ps(square, even, _mm256_set1_ps(1.f));
    const __m256i exponent = _mm256_slli_epi32(_mm256_castps_si256(rounded), 23);
    reciprocal = _mm256_castsi256_ps(_mm256_sub_epi32(_mm256_castps_si256(_mm256_sub_ps(even, odd)), exponent));
    return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(_mm256_add_ps(even, odd)), exponent));
}

static inline __m256 abs_ps(__m256 x) { return _mm256_andnot_ps(_mm256_set1_ps(-0.f), x); }

static inline __m256 copysign_ps(__m256 x, __m256 sign)
{
    const __m256 mask = _mm256_set1_ps(-0.f);
    return _mm256_or_ps(_mm256_andnot_ps(mask, x), _mm256_and_ps(mask, sign));
}

static inline __m256 round_ps(__m256 x)
{
    const __m256 magic = _mm256_set1_ps(12582912.f);
    return _mm256_sub_ps(_mm256_add_ps(x, magic), magic);
}

static inline __m256 keep_if_less_ps(__m256 left, __m256 right, __m256 value)
{
    return _mm256_and_ps(_mm256_cmp_ps(left, right, _CMP_LT_OQ), value);
}

static inline bool any_positive(const float* row, size_t count)
{
    __m256 any = _mm256_setzero_ps();
    for (size_t i = 0; i < count; i += 8) any = _mm256_max_ps(any, _mm256_load_ps(row + i));
    return _mm256_movemask_ps(_mm256_cmp_ps(any, _mm256_setzero_ps(), _CMP_GT_OQ)) != 0;
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
    static_assert(Stride % (8 * V) == 0, "A block holds whole groups of vectors.");
    alignas(64) float rows[RowCount * Stride];
    for (size_t first = 0; first < count; first += Stride)
    {
        const size_t n = count - first < Stride ? count - first : Stride, padded = (n + 8 * V - 1) / (8 * V) * (8 * V);
        to_rows<D, Stride>(samples + first * D, n, padded, rows);
        steps(rows, padded);
        from_rows<D, Stride>(rows, n, samples + first * D);
    }
}
