// A mixture sampler as one writes it straight from the formulas, for any coefficients: K, D and the shape of the covariances are
// known to the compiler, the numbers are read at run time. Two-stage methods, one velocity evaluation a pass over a block in the
// first-level cache, a component after the other: nothing is expanded ahead and nothing is tiled for the registers.
//
// A table for each evaluation: state, input, offset[K], centre[K][D], precision[K][P], constants[K][D], factors[K][F], of
// weight_k = 2^-(offset + distance), the distance a sum of precision (x - centre)², or of squares of precision (x - centre) with an
// upper triangle, row by row, and next = state x + input y + sum weight_k (constant_k + factor_k y) / sum weight_k.
#include "lanes.hpp"

enum Shape { Shared, Diagonal, Full };

template <int K, int D, Shape S, int V>
struct Direct
{
    static constexpr int P = S == Shared ? 1 : S == Diagonal ? D : D * (D + 1) / 2, F = S == Shared ? 0 : S == Diagonal ? D : D * D;
    static constexpr int Size = 2 + K * (1 + 2 * D + P + F);
    static constexpr size_t Fitting = 16 * 1024 / (8 * D) / Group * Group, Stride = Fitting > 1024 ? 1024 : Fitting < Group ? Group : Fitting;
    static constexpr int Width = LANES * V;

    static inline Lanes all(const float& value) { return PS(set1)(value); }

    static inline Lanes energy(const float* __restrict offset, const float* __restrict centre, const float* __restrict precision, const float* __restrict y)
    {
        Lanes sum = PS(setzero)();
        if constexpr (S == Shared)
        {
            for (int j = 0; j < D; j++)
            {
                const Lanes away = PS(sub)(PS(load)(y + j * Stride), all(centre[j]));
                sum = PS(fmadd)(away, away, sum);
            }
            return PS(fmadd)(sum, all(*precision), all(*offset));
        }
        sum = all(*offset);
        if constexpr (S == Diagonal)
        {
            for (int j = 0; j < D; j++)
            {
                const Lanes away = PS(sub)(PS(load)(y + j * Stride), all(centre[j]));
                sum = PS(fmadd)(PS(mul)(away, all(precision[j])), away, sum);
            }
        }
        if constexpr (S == Full)
        {
            Lanes away[D];
            for (int j = 0; j < D; j++) away[j] = PS(sub)(PS(load)(y + j * Stride), all(centre[j]));
            for (int i = 0; i < D; i++)
            {
                Lanes root = PS(mul)(all(*precision++), away[i]);
                for (int j = i + 1; j < D; j++) root = PS(fmadd)(all(*precision++), away[j], root);
                sum = PS(fmadd)(root, root, sum);
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
            Lanes weights[K][V], least[V], share[V];
            for (int k = 0; k < K; k++)
                for (int v = 0; v < V; v++)
                {
                    weights[k][v] = energy(offsets + k, centres + k * D, precisions + k * P, y + LANES * v);
                    least[v] = k == 0 ? weights[k][v] : PS(min)(least[v], weights[k][v]);
                }
            for (int v = 0; v < V; v++) share[v] = PS(setzero)();
            if constexpr (D <= 3)
            {
                // Few enough sums for the registers: a weight is used at once.
                Lanes slope[D][V], factor[F + 1][V];
                for (int j = 0; j < D; j++)
                    for (int v = 0; v < V; v++) slope[j][v] = PS(setzero)();
                for (int f = 0; f < F; f++)
                    for (int v = 0; v < V; v++) factor[f][v] = PS(setzero)();
                for (int k = 0; k < K; k++)
                    for (int v = 0; v < V; v++)
                    {
                        const Lanes weight = exp2_ps(PS(sub)(least[v], weights[k][v]));
                        share[v] = PS(add)(share[v], weight);
                        for (int j = 0; j < D; j++) slope[j][v] = PS(fmadd)(weight, all(constants[k * D + j]), slope[j][v]);
                        for (int f = 0; f < F; f++) factor[f][v] = PS(fmadd)(weight, all(factors[k * F + f]), factor[f][v]);
                    }
                for (int v = 0; v < V; v++)
                {
                    share[v] = PS(div)(PS(set1)(1.f), share[v]);
                    for (int j = 0; j < D; j++)
                    {
                        if constexpr (S == Diagonal) slope[j][v] = PS(fmadd)(factor[j][v], PS(load)(y + j * Stride + LANES * v), slope[j][v]);
                        if constexpr (S == Full)
                            for (int l = 0; l < D; l++) slope[j][v] = PS(fmadd)(factor[j * D + l][v], PS(load)(y + l * Stride + LANES * v), slope[j][v]);
                    }
                    // Behind the reads: next may be x.
                    for (int j = 0; j < D; j++) store<First>(table, y, x, next, j, v, PS(mul)(slope[j][v], share[v]));
                }
            }
            else
            {
                static_assert(S != Full || D <= 3, "Full covariances only of few dimensions.");
                for (int k = 0; k < K; k++)
                    for (int v = 0; v < V; v++)
                    {
                        weights[k][v] = exp2_ps(PS(sub)(least[v], weights[k][v]));
                        share[v] = PS(add)(share[v], weights[k][v]);
                    }
                for (int v = 0; v < V; v++) share[v] = PS(div)(PS(set1)(1.f), share[v]);
                for (int j = 0; j < D; j++)
                    for (int v = 0; v < V; v++)
                    {
                        Lanes slope = PS(setzero)(), factor = PS(setzero)();
                        for (int k = 0; k < K; k++)
                        {
                            slope = PS(fmadd)(weights[k][v], all(constants[k * D + j]), slope);
                            if constexpr (S == Diagonal) factor = PS(fmadd)(weights[k][v], all(factors[k * D + j]), factor);
                        }
                        if constexpr (S == Diagonal) slope = PS(fmadd)(factor, PS(load)(y + j * Stride + LANES * v), slope);
                        store<First>(table, y, x, next, j, v, PS(mul)(slope, share[v]));
                    }
            }
        }
    }

    template <bool First>
    static inline void store(const float* __restrict table, const float* y, const float* x, float* next, int j, int v, Lanes slope)
    {
        const Lanes state = PS(mul)(PS(load)(x + j * Stride + LANES * v), all(table[0]));
        const Lanes base = First ? state : PS(fmadd)(PS(load)(y + j * Stride + LANES * v), all(table[1]), state);
        PS(store)(next + j * Stride + LANES * v, PS(add)(base, slope));
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
