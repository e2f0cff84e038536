// A mixture sampler as one writes it by hand for any coefficients: K, D and the shape of the covariances are known to the
// compiler, the numbers are read at run time. Heun's method, the exponential two-step method 2M and the classical method of
// Runge and Kutta, one velocity evaluation a pass over a block in the first-level cache.
//
// A table for each evaluation: three numbers of its pass, bias[K], linear[K][D], quadratic[K][Q], constants[K][D], factors[K][F], of
// weight_k = 2^(bias + linear y + quadratic(y)) and slope = sum weight_k (constant_k + factor_k y) / sum weight_k.
#include "lanes.hpp"

enum Shape { Shared, Diagonal, Full };

// What a pass does with its slope, by its numbers a, b and c, and what it remembers for a later one. One variance for all
// components adds a multiple of y to every slope: it is in a or b.
enum Pass
{
    HeunFirst, // next = a x + slope
    HeunSecond, // next = a x + b y + slope
    MultistepFirst, // memory = slope + b x, next = a x + memory
    Multistep, // the same, and c times the old memory
    RungeKutta1, // next = a x + slope, memory = b x + c next
    RungeKutta2, // next = a x + b y + slope, memory += c next
    RungeKutta3, // next = a x + b y + slope
    RungeKutta4, // next = memory + b y + slope
};

// The greatest divisor of n within a number of registers.
static constexpr int tile(int n, int most)
{
    int t = most < 1 ? 1 : most;
    while (n % t != 0) t--;
    return t;
}

// A sample's block has rows for x, and for as many more vectors as the method needs.
template <int K, int D, Shape S, int V, int Vectors>
struct Mixture
{
    static constexpr int Q = S == Shared ? 0 : S == Diagonal ? D : D * (D + 1) / 2, F = S == Shared ? 0 : S == Diagonal ? D : D * D;
    static constexpr int Size = 3 + K * (1 + 2 * D + Q + F);
    static constexpr size_t Fitting = 16 * 1024 / (4 * Vectors * D) / Group * Group, Stride = Fitting > 1024 ? 1024 : Fitting < Group ? Group : Fitting;
    static constexpr int Width = LANES * V;

    static inline Lanes all(const float& value) { return PS(set1)(value); }

    // As many components at a time as fit in registers, so that a coordinate is loaded once for all of them.
    static inline void logits(const float* __restrict table, const float* __restrict y, Lanes (&weights)[K][V], Lanes (&greatest)[V])
    {
        constexpr int T = tile(K, Sums / V);
        const float *bias = table + 3, *linear = bias + K, *quadratic = linear + K * D;
        for (int k = 0; k < K; k += T)
        {
            Lanes sum[T][V];
            for (int t = 0; t < T; t++)
                for (int v = 0; v < V; v++) sum[t][v] = all(bias[k + t]);
            for (int i = 0, q = 0; i < D; q += S == Full ? D - i : 0, i++)
            {
                for (int t = 0; t < T; t++)
                {
                    const Lanes own = all(linear[(k + t) * D + i]);
                    for (int v = 0; v < V; v++)
                    {
                        const Lanes x = PS(load)(y + i * Stride + LANES * v);
                        Lanes factor = own;
                        if constexpr (S == Diagonal) factor = PS(fmadd)(all(quadratic[(k + t) * Q + i]), x, factor);
                        if constexpr (S == Full)
                            for (int j = i; j < D; j++)
                                factor = PS(fmadd)(all(quadratic[(k + t) * Q + q + j - i]), PS(load)(y + j * Stride + LANES * v), factor);
                        sum[t][v] = PS(fmadd)(factor, x, sum[t][v]);
                    }
                }
            }
            for (int t = 0; t < T; t++)
                for (int v = 0; v < V; v++)
                {
                    greatest[v] = k + t == 0 ? sum[t][v] : PS(max)(greatest[v], sum[t][v]);
                    weights[k + t][v] = sum[t][v];
                }
        }
    }

    template <int Columns>
    static inline void add(Lanes (&sums)[Columns][V], const Lanes (&weight)[V], const float* values)
    {
        for (int c = 0; c < Columns; c++)
            for (int v = 0; v < V; v++) sums[c][v] = PS(fmadd)(weight[v], all(values[c]), sums[c][v]);
    }

    template <int Columns>
    static inline void clear(Lanes (&sums)[Columns][V])
    {
        for (int c = 0; c < Columns; c++)
            for (int v = 0; v < V; v++) sums[c][v] = PS(setzero)();
    }

    template <Pass P>
    static inline void store(const float* __restrict table, const float* y, const float* x, float* memory, float* next, int j, int v, Lanes slope)
    {
        const size_t at = j * Stride + LANES * v;
        const Lanes a = all(table[0]), b = all(table[1]), c = all(table[2]);
        if constexpr (P == RungeKutta4)
        {
            const Lanes base = PS(fmadd)(PS(load)(y + at), b, PS(load)(memory + at));
            PS(store)(next + at, PS(add)(base, slope));
            return;
        }
        const Lanes state = PS(load)(x + at);
        if constexpr (P == MultistepFirst || P == Multistep)
        {
            if constexpr (S == Shared) slope = PS(fmadd)(state, b, slope);
            Lanes value = PS(fmadd)(state, a, slope);
            if constexpr (P == Multistep) value = PS(fmadd)(PS(load)(memory + at), c, value);
            PS(store)(memory + at, slope);
            PS(store)(next + at, value);
            return;
        }
        Lanes base = PS(mul)(state, a);
        if constexpr (P != HeunFirst && P != RungeKutta1) base = PS(fmadd)(PS(load)(y + at), b, base);
        const Lanes value = PS(add)(base, slope);
        if constexpr (P == RungeKutta1) PS(store)(memory + at, PS(fmadd)(value, c, PS(mul)(state, b)));
        if constexpr (P == RungeKutta2) PS(store)(memory + at, PS(fmadd)(value, c, PS(load)(memory + at)));
        PS(store)(next + at, value);
    }

    template <Pass P>
    static void evaluate(const float* __restrict table, const float* y, const float* x, float* memory, float* next, size_t count)
    {
        const float *constants = table + 3 + K + K * D + K * Q, *factors = constants + K * D;
        for (size_t i = 0; i < count; i += Width, y += Width, x += Width, memory += Width, next += Width)
        {
            Lanes weights[K][V], greatest[V], share[V];
            logits(table, y, weights, greatest);
            if constexpr (D <= 3)
            {
                // Few enough sums to keep them all in registers: a weight is used at once and never stored.
                Lanes total[V], constant[D][V], factor[F + 1][V];
                for (int v = 0; v < V; v++) total[v] = PS(setzero)();
                clear(constant);
                clear(factor);
                for (int k = 0; k < K; k++)
                {
                    Lanes weight[V];
                    for (int v = 0; v < V; v++)
                    {
                        weight[v] = exp2_ps(PS(sub)(weights[k][v], greatest[v]));
                        total[v] = PS(add)(total[v], weight[v]);
                    }
                    add(constant, weight, constants + k * D);
                    for (int f = 0; f < F; f++)
                        for (int v = 0; v < V; v++) factor[f][v] = PS(fmadd)(weight[v], all(factors[k * F + f]), factor[f][v]);
                }
                for (int v = 0; v < V; v++)
                {
                    share[v] = PS(div)(PS(set1)(1.f), total[v]);
                    Lanes slope[D];
                    for (int j = 0; j < D; j++)
                    {
                        slope[j] = constant[j][v];
                        if constexpr (S == Diagonal) slope[j] = PS(fmadd)(factor[j][v], PS(load)(y + j * Stride + LANES * v), slope[j]);
                        if constexpr (S == Full)
                            for (int l = 0; l < D; l++) slope[j] = PS(fmadd)(factor[j * D + l][v], PS(load)(y + l * Stride + LANES * v), slope[j]);
                    }
                    for (int j = 0; j < D; j++) store<P>(table, y, x, memory, next, j, v, PS(mul)(slope[j], share[v]));
                }
            }
            else
            {
                static_assert(S != Full || D <= 3, "Full covariances only of few dimensions.");
                for (int v = 0; v < V; v++) share[v] = PS(setzero)();
                for (int k = 0; k < K; k++)
                    for (int v = 0; v < V; v++)
                    {
                        weights[k][v] = exp2_ps(PS(sub)(weights[k][v], greatest[v]));
                        share[v] = PS(add)(share[v], weights[k][v]);
                    }
                for (int v = 0; v < V; v++) share[v] = PS(div)(PS(set1)(1.f), share[v]);
                constexpr int T = tile(D, (S == Shared ? Sums : Sums / 2) / V);
                for (int j = 0; j < D; j += T)
                {
                    Lanes constant[T][V], factor[T][V];
                    clear(constant);
                    clear(factor);
                    for (int k = 0; k < K; k++)
                    {
                        add(constant, weights[k], constants + k * D + j);
                        if constexpr (S == Diagonal) add(factor, weights[k], factors + k * D + j);
                    }
                    for (int t = 0; t < T; t++)
                        for (int v = 0; v < V; v++)
                        {
                            Lanes slope = constant[t][v];
                            if constexpr (S == Diagonal) slope = PS(fmadd)(factor[t][v], PS(load)(y + (j + t) * Stride + LANES * v), slope);
                            store<P>(table, y, x, memory, next, j + t, v, PS(mul)(slope, share[v]));
                        }
                }
            }
        }
    }

    // Runs the steps on every block, each with its own tables.
    template <class Step>
    static void integrate(float* samples, size_t count, const float* tables, int steps, int evaluations, Step step)
    {
        for_blocks<D, Vectors * D, Stride, V>(samples, count, [=](float* x, size_t padded)
        {
            const float* table = tables;
            for (int s = 0; s < steps; s++, table += evaluations * Size) step(s, table, x, x + D * Stride, padded);
        });
    }

    static void heun(float* samples, size_t count, const float* tables, int steps)
    {
        integrate(samples, count, tables, steps, 2, [](int, const float* table, float* x, float* stage, size_t n)
        {
            evaluate<HeunFirst>(table, x, x, x, stage, n);
            evaluate<HeunSecond>(table + Size, stage, x, x, x, n);
        });
    }

    static void multistep(float* samples, size_t count, const float* tables, int steps)
    {
        integrate(samples, count, tables, steps, 1, [](int step, const float* table, float* x, float* memory, size_t n)
        {
            if (step == 0) evaluate<MultistepFirst>(table, x, x, memory, x, n);
            else evaluate<Multistep>(table, x, x, memory, x, n);
        });
    }

    static void runge_kutta(float* samples, size_t count, const float* tables, int steps)
    {
        integrate(samples, count, tables, steps, 4, [](int, const float* table, float* x, float* stage, size_t n)
        {
            float* memory = stage + D * Stride;
            evaluate<RungeKutta1>(table, x, x, memory, stage, n);
            evaluate<RungeKutta2>(table + Size, stage, x, memory, stage, n);
            evaluate<RungeKutta3>(table + 2 * Size, stage, x, memory, stage, n);
            evaluate<RungeKutta4>(table + 3 * Size, stage, x, memory, x, n);
        });
    }
};

#define METHOD(name, vectors, v) \
    extern "C" void name##v(float* samples, size_t count, const float* tables, int steps) \
    { \
        Mixture<COMPONENTS, DIMENSION, SHAPE, v, vectors>::name(samples, count, tables, steps); \
    }
#define METHODS(v) METHOD(heun, 2, v) METHOD(multistep, 2, v) METHOD(runge_kutta, 3, v)
METHODS(1)
METHODS(2)
METHODS(4)
