// A mixture sampler as one writes it straight from the formulas, for any coefficients: K, D and the shape of the covariances are
// known to the compiler, the numbers are read at run time. Two-stage methods, one velocity evaluation a pass over a block in the
// first-level cache, a component after the other: nothing is expanded ahead and nothing is tiled for the registers.
//
// A table for each evaluation: state, input, offset[K], centre[K][D], precision[K][P], constants[K][D], factors[K][F], of
// weight_k = 2^-(offset + distance), the distance a sum of precision (x - centre)², or of squares of precision (x - centre) with an
// upper triangle, row by row, and next = state x + input y + sum weight_k (constant_k + factor_k y) / sum weight_k.
#include "avx2.hpp"

enum Shape { Shared, Diagonal, Full };

template <int K, int D, Shape S, int V>
struct Direct
{
    static constexpr int P = S == Shared ? 1 : S == Diagonal ? D : D * (D + 1) / 2, F = S == Shared ? 0 : S == Diagonal ? D : D * D;
    static constexpr int Size = 2 + K * (1 + 2 * D + P + F);
    static constexpr size_t Fitting = 16 * 1024 / (8 * D) / 32 * 32, Stride = Fitting > 1024 ? 1024 : Fitting < 32 ? 32 : Fitting;
    static constexpr int Width = 8 * V;

    static inline __m256 all(const float& value) { return _mm256_broadcast_ss(&value); }

    static inline __m256 energy(const float* __restrict offset, const float* __restrict centre, const float* __restrict precision, const float* __restrict y)
    {
        __m256 sum = _mm256_setzero_ps();
        if constexpr (S == Shared)
        {
            for (int j = 0; j < D; j++)
            {
                const __m256 away = _mm256_sub_ps(_mm256_load_ps(y + j * Stride), all(centre[j]));
                sum = _mm256_fmadd_ps(away, away, sum);
            }
            return _mm256_fmadd_ps(sum, all(*precision), all(*offset));
        }
        sum = all(*offset);
        if constexpr (S == Diagonal)
        {
            for (int j = 0; j < D; j++)
            {
                const __m256 away = _mm256_sub_ps(_mm256_load_ps(y + j * Stride), all(centre[j]));
                sum = _mm256_fmadd_ps(_mm256_mul_ps(away, all(precision[j])), away, sum);
            }
        }
        if constexpr (S == Full)
        {
            __m256 away[D];
            for (int j = 0; j < D; j++) away[j] = _mm256_sub_ps(_mm256_load_ps(y + j * Stride), all(centre[j]));
            for (int i = 0; i < D; i++)
            {
                __m256 root = _mm256_mul_ps(all(*precision++), away[i]);
                for (int j = i + 1; j < D; j++) root = _mm256_fmadd_ps(all(*precision++), away[j], root);
                sum = _mm256_fmadd_ps(root, root, sum);
            }
        }
        return sum;
    }

    template <bool First>
    static void evaluate(const float* __restrict table, const float* y, const float* x, float* next, size_t count)
    {
        const float *offsets = table + 2, *centres = offsets + K, *precisions = centres + K * D, *constants = precisions + K * P, *factors = constants + K * D;
        for (size_t i = 0; i < count; i += Width, y += Width, x += Width, next += Width)
        {
            __m256 weights[K][V], least[V], share[V];
            for (int k = 0; k < K; k++)
                for (int v = 0; v < V; v++)
                {
                    weights[k][v] = energy(offsets + k, centres + k * D, precisions + k * P, y + 8 * v);
                    least[v] = k == 0 ? weights[k][v] : _mm256_min_ps(least[v], weights[k][v]);
                }
            for (int v = 0; v < V; v++) share[v] = _mm256_setzero_ps();
            if constexpr (D <= 3)
            {
                // Few enough sums for the registers: a weight is used at once.
                __m256 slope[D][V], factor[F + 1][V];
                for (int j = 0; j < D; j++)
                    for (int v = 0; v < V; v++) slope[j][v] = _mm256_setzero_ps();
                for (int f = 0; f < F; f++)
                    for (int v = 0; v < V; v++) factor[f][v] = _mm256_setzero_ps();
                for (int k = 0; k < K; k++)
                    for (int v = 0; v < V; v++)
                    {
                        const __m256 weight = exp2_ps(_mm256_sub_ps(least[v], weights[k][v]));
                        share[v] = _mm256_add_ps(share[v], weight);
                        for (int j = 0; j < D; j++) slope[j][v] = _mm256_fmadd_ps(weight, all(constants[k * D + j]), slope[j][v]);
                        for (int f = 0; f < F; f++) factor[f][v] = _mm256_fmadd_ps(weight, all(factors[k * F + f]), factor[f][v]);
                    }
                for (int v = 0; v < V; v++)
                {
                    share[v] = _mm256_div_ps(_mm256_set1_ps(1.f), share[v]);
                    for (int j = 0; j < D; j++)
                    {
                        if constexpr (S == Diagonal) slope[j][v] = _mm256_fmadd_ps(factor[j][v], _mm256_load_ps(y + j * Stride + 8 * v), slope[j][v]);
                        if constexpr (S == Full)
                            for (int l = 0; l < D; l++) slope[j][v] = _mm256_fmadd_ps(factor[j * D + l][v], _mm256_load_ps(y + l * Stride + 8 * v), slope[j][v]);
                    }
                    // Behind the reads: next may be x.
                    for (int j = 0; j < D; j++) store<First>(table, y, x, next, j, v, _mm256_mul_ps(slope[j][v], share[v]));
                }
            }
            else
            {
                static_assert(S != Full || D <= 3, "Full covariances only of few dimensions.");
                for (int k = 0; k < K; k++)
                    for (int v = 0; v < V; v++)
                    {
                        weights[k][v] = exp2_ps(_mm256_sub_ps(least[v], weights[k][v]));
                        share[v] = _mm256_add_ps(share[v], weights[k][v]);
                    }
                for (int v = 0; v < V; v++) share[v] = _mm256_div_ps(_mm256_set1_ps(1.f), share[v]);
                for (int j = 0; j < D; j++)
                    for (int v = 0; v < V; v++)
                    {
                        __m256 slope = _mm256_setzero_ps(), factor = _mm256_setzero_ps();
                        for (int k = 0; k < K; k++)
                        {
                            slope = _mm256_fmadd_ps(weights[k][v], all(constants[k * D + j]), slope);
                            if constexpr (S == Diagonal) factor = _mm256_fmadd_ps(weights[k][v], all(factors[k * D + j]), factor);
                        }
                        if constexpr (S == Diagonal) slope = _mm256_fmadd_ps(factor, _mm256_load_ps(y + j * Stride + 8 * v), slope);
                        store<First>(table, y, x, next, j, v, _mm256_mul_ps(slope, share[v]));
                    }
            }
        }
    }

    template <bool First>
    static inline void store(const float* __restrict table, const float* y, const float* x, float* next, int j, int v, __m256 slope)
    {
        const __m256 state = _mm256_mul_ps(_mm256_load_ps(x + j * Stride + 8 * v), all(table[0]));
        const __m256 base = First ? state : _mm256_fmadd_ps(_mm256_load_ps(y + j * Stride + 8 * v), all(table[1]), state);
        _mm256_store_ps(next + j * Stride + 8 * v, _mm256_add_ps(base, slope));
    }

    static void integrate(float* samples, size_t count, const float* tables, int steps)
    {
        for_blocks<D, 2 * D, Stride, V>(samples, count, [=](float* rows, size_t padded)
        {
            float* stage = rows + D * Stride;
            const float* table = tables;
            for (int s = 0; s < steps; s++, table += 2 * Size)
            {
                evaluate<true>(table, rows, rows, stage, padded);
                evaluate<false>(table + Size, stage, rows, rows, padded);
            }
        });
    }
};

extern "C" void integrate1(float* samples, size_t count, const float* tables, int steps) { Direct<COMPONENTS, DIMENSION, SHAPE, 1>::integrate(samples, count, tables, steps); }
extern "C" void integrate2(float* samples, size_t count, const float* tables, int steps) { Direct<COMPONENTS, DIMENSION, SHAPE, 2>::integrate(samples, count, tables, steps); }
