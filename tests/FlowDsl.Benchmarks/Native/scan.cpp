// The posterior mean of a data set by a full scan: a BLAS computes the energies of a tile of rows for all samples of a block, a vectorised exponential
// their weights, and a BLAS again the weighted sums. The greatest logit is followed from tile to tile, so a tile stays in the cache.
#include "lanes.hpp"

typedef void (*Sgemm)(int order, int transA, int transB, int m, int n, int k, float alpha, const float* a, int lda, const float* b, int ldb, float beta, float* c, int ldc);

enum { RowMajor = 101, NoTrans = 111, Trans = 112 };

// Samples are columns of x and slope, n of them, a multiple of 8. The scratch holds (tile + 2 d + 3) n values, aligned to a vector.
extern "C" void scan(
    const float* rows, const float* half_squares, int count, int d, int tile, const float* x, int stride, int n, const float* mean, const float* numbers,
    float* scratch, float* slope, Sgemm sgemm)
{
    const float a = numbers[0], scale = numbers[1], half = numbers[2], factor = numbers[3], contrast = numbers[4];
    float *y = scratch, *sums = y + (size_t)d * n, *greatest = sums + (size_t)d * n, *totals = greatest + n, *changes = totals + n, *weights = changes + n;
    for (int j = 0; j < d; j++)
        for (int i = 0; i < n; i++) y[(size_t)j * n + i] = scale * (x[(size_t)j * stride + i] - a * mean[j]);
    memset(sums, 0, sizeof(float) * d * n);
    for (int i = 0; i < n; i++) greatest[i] = -1e38f, totals[i] = 0;
    for (int first = 0; first < count; first += tile)
    {
        const int m = count - first < tile ? count - first : tile;
        const float* own = rows + (size_t)first * d;
        sgemm(RowMajor, NoTrans, NoTrans, m, n, d, 1.f, own, d, y, n, 0.f, weights, n);
        for (int i = 0; i < n; i++) changes[i] = greatest[i];
        for (int k = 0; k < m; k++)
        {
            float* logit = weights + (size_t)k * n;
            const __m256 offset = _mm256_set1_ps(half * half_squares[first + k]);
            for (int i = 0; i < n; i += 8)
            {
                const __m256 value = _mm256_sub_ps(_mm256_load_ps(logit + i), offset);
                _mm256_store_ps(logit + i, value);
                _mm256_store_ps(greatest + i, _mm256_max_ps(_mm256_load_ps(greatest + i), value));
            }
        }
        bool rises = false;
        for (int i = 0; i < n; i += 8)
        {
            const __m256 before = _mm256_load_ps(changes + i), most = _mm256_load_ps(greatest + i), change = exp2_ps(_mm256_sub_ps(before, most));
            rises = rises || _mm256_movemask_ps(_mm256_cmp_ps(most, before, _CMP_GT_OQ));
            _mm256_store_ps(changes + i, change);
            _mm256_store_ps(totals + i, _mm256_mul_ps(_mm256_load_ps(totals + i), change));
        }
        for (int k = 0; k < m; k++)
        {
            float* logit = weights + (size_t)k * n;
            for (int i = 0; i < n; i += 8)
            {
                const __m256 weight = exp2_ps(_mm256_sub_ps(_mm256_load_ps(logit + i), _mm256_load_ps(greatest + i)));
                _mm256_store_ps(logit + i, weight);
                _mm256_store_ps(totals + i, _mm256_add_ps(_mm256_load_ps(totals + i), weight));
            }
        }
        if (rises)
            for (int j = 0; j < d; j++)
                for (int i = 0; i < n; i++) sums[(size_t)j * n + i] *= changes[i];
        sgemm(RowMajor, Trans, NoTrans, d, n, m, 1.f, own, d, weights, n, 1.f, sums, n);
    }
    for (int j = 0; j < d; j++)
        for (int i = 0; i < n; i++)
            slope[(size_t)j * stride + i] = factor * x[(size_t)j * stride + i] + contrast * (mean[j] + sums[(size_t)j * n + i] / totals[i]);
}
