// A mixture sampler for many components in many dimensions, one isotropic covariance for all: two matrix products an
// evaluation by a BLAS, and a vectorised softmax between them. The tables are those of mixture.cpp without quadratic and
// factors; the bias is padded to whole vectors with numbers that no logit outweighs.
#include "lanes.hpp"

typedef void (*Sgemm)(int order, int transA, int transB, int m, int n, int k, float alpha, const float* a, int lda, const float* b, int ldb, float beta, float* c, int ldc);

enum { RowMajor = 101, NoTrans = 111, Trans = 112 };

static inline float reduce_max(__m256 v)
{
    __m128 m = _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    m = _mm_max_ps(m, _mm_movehl_ps(m, m));
    return _mm_cvtss_f32(_mm_max_ss(m, _mm_movehdup_ps(m)));
}

static inline float reduce_add(__m256 v)
{
    __m128 m = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    m = _mm_add_ps(m, _mm_movehl_ps(m, m));
    return _mm_cvtss_f32(_mm_add_ss(m, _mm_movehdup_ps(m)));
}

static void softmax(float* row, const float* bias, int width)
{
    __m256 greatest = _mm256_set1_ps(-1e38f), total = _mm256_setzero_ps();
    for (int k = 0; k < width; k += 8)
    {
        const __m256 logit = _mm256_add_ps(_mm256_load_ps(row + k), _mm256_loadu_ps(bias + k));
        _mm256_store_ps(row + k, logit);
        greatest = _mm256_max_ps(greatest, logit);
    }
    greatest = _mm256_set1_ps(reduce_max(greatest));
    for (int k = 0; k < width; k += 8)
    {
        const __m256 weight = exp2_ps(_mm256_sub_ps(_mm256_load_ps(row + k), greatest));
        _mm256_store_ps(row + k, weight);
        total = _mm256_add_ps(total, weight);
    }
    const __m256 share = _mm256_set1_ps(1.f / reduce_add(total));
    for (int k = 0; k < width; k += 8) _mm256_store_ps(row + k, _mm256_mul_ps(_mm256_load_ps(row + k), share));
}

// next = state x + input y + softmax(y linear' + bias) constants; next may be x.
static void evaluate(const float* table, const float* y, const float* x, float* next, int n, int components, int width, int d, float* weights, Sgemm sgemm)
{
    const float *bias = table + 2, *linear = bias + width, *constants = linear + (size_t)components * d;
    sgemm(RowMajor, NoTrans, Trans, n, components, d, 1.f, y, d, linear, d, 0.f, weights, width);
    for (int i = 0; i < n; i++) softmax(weights + (size_t)i * width, bias, width);
    const float state = table[0], input = table[1];
    if (y == x)
        for (size_t i = 0; i < (size_t)n * d; i++) next[i] = state * x[i];
    else
        for (size_t i = 0; i < (size_t)n * d; i++) next[i] = state * x[i] + input * y[i];
    sgemm(RowMajor, NoTrans, NoTrans, n, d, components, 1.f, weights, width, constants, d, 1.f, next, d);
}

// The scratch holds chunk (d + width) zeros, aligned to a vector.
extern "C" void integrate(float* samples, size_t count, const float* tables, int steps, int components, int width, int d, size_t chunk, float* scratch, Sgemm sgemm)
{
    float *weights = scratch, *stage = scratch + chunk * width;
    const size_t size = 2 + width + 2 * (size_t)components * d;
    for (size_t first = 0; first < count; first += chunk)
    {
        const int n = (int)(count - first < chunk ? count - first : chunk);
        float* x = samples + first * d;
        const float* table = tables;
        for (int s = 0; s < steps; s++, table += 2 * size)
        {
            evaluate(table, x, x, stage, n, components, width, d, weights, sgemm);
            evaluate(table + size, stage, x, x, n, components, width, d, weights, sgemm);
        }
    }
}
