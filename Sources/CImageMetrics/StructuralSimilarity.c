// SSIM statistics of two plane sets.
//
// With the window's weighted mean E[·], difference d = x - y and m = E[d], the terms of SSIM are
//
//   luminance  l  = (2 E[x] E[y] + C1) / (E[x]² + E[y]² + C1)      = 1 - m² / D1
//   contrast   cs = (2 cov(x, y) + C2) / (var(x) + var(y) + C2)    = 1 - var(d) / D2
//
// where D1 and D2 are the denominators. So four filtered moments are enough: E[x], E[y],
// E[x² + y²] and E[d²], and equal pictures give deficits of exactly 0. The reference's own moments
// are not kept from one comparison to the next: reading them back from memory takes as long as
// filtering them again, and E[x² + y²] costs no more than E[y²].
//
// The window is separable. A column strip of 64 values is worked from top to bottom: each row is
// filtered horizontally into a ring of eleven rows, and the ring is filtered vertically. Strip and
// ring stay in the first-level cache. The channels of a pixel lie side by side, so the horizontal
// taps are `channels` values apart and one vector holds all channels.

#include "CImageMetrics.h"

#include <string.h>

#pragma clang fp contract(off)

enum {
  Lanes = 8,
  Taps = 11,
  Middle = Taps / 2,
  Strip = 64,
  MaximumChannels = 4,
  MaximumSpan = Strip + (Taps - 1) * MaximumChannels,
};

/// The filtered moments.
enum { MeanX, MeanY, SumOfSquares, SquaredDifference, MomentCount };

/// Eight numbers that are worked on together; each level splits them as its registers need.
typedef double Vector __attribute__((vector_size(Lanes * sizeof(double)), aligned(8)));
typedef int32_t Integers __attribute__((vector_size(Lanes * sizeof(int32_t)), aligned(4)));
typedef int64_t Mask __attribute__((vector_size(Lanes * sizeof(int64_t)), aligned(8)));

/// A row of each moment, before the horizontal filter.
///
/// Rows begin at a cache line: a vector that straddles two lines takes twice as long.
typedef struct {
  _Alignas(64) double values[MomentCount][MaximumSpan];
} MomentRow;

/// A row of each moment of one strip, after the horizontal filter.
typedef struct {
  _Alignas(64) double values[MomentCount][Strip];
} StripRow;

#define INLINE static inline __attribute__((always_inline))

/// Writes the moments of `count` samples of a row, and zeros behind them.
INLINE void makeMoments(const int32_t *x, const int32_t *y, size_t count, MomentRow *row) {
  size_t i = 0;
  for (; i + Lanes <= count; i += Lanes) {
    Vector a = __builtin_convertvector(*(const Integers *)(x + i), Vector);
    Vector b = __builtin_convertvector(*(const Integers *)(y + i), Vector);
    Vector d = a - b;
    *(Vector *)(row->values[MeanX] + i) = a;
    *(Vector *)(row->values[MeanY] + i) = b;
    *(Vector *)(row->values[SumOfSquares] + i) = a * a + b * b;
    *(Vector *)(row->values[SquaredDifference] + i) = d * d;
  }
  for (; i < count; i++) {
    double a = x[i], b = y[i], d = a - b;
    row->values[MeanX][i] = a;
    row->values[MeanY][i] = b;
    row->values[SumOfSquares][i] = a * a + b * b;
    row->values[SquaredDifference][i] = d * d;
  }
}

/// Filters one row horizontally, for the first `groups` vectors of the strip.
INLINE void filterRow(
    const MomentRow *row, size_t channels, size_t groups, const double *weights, StripRow *strip) {
  for (int moment = 0; moment < MomentCount; moment++) {
    for (size_t group = 0; group < groups; group++) {
      const double *middle = row->values[moment] + group * Lanes + Middle * channels;
      Vector sum = *(const Vector *)middle * weights[0];
      for (size_t k = 1; k <= Middle; k++) {
        Vector pair = *(const Vector *)(middle - k * channels)
                      + *(const Vector *)(middle + k * channels);
        sum += pair * weights[k];
      }
      *(Vector *)(strip->values[moment] + group * Lanes) = sum;
    }
  }
}

/// Filters vertically at `offset` of the strip; `rows` is the ring from the top of the window down.
INLINE void filterColumn(
    const StripRow *const *rows, int moment, size_t offset, const double *weights,
    Vector *result) {
  Vector sum = *(const Vector *)(rows[Middle]->values[moment] + offset) * weights[0];
  for (size_t k = 1; k <= Middle; k++) {
    Vector pair = *(const Vector *)(rows[Middle - k]->values[moment] + offset)
                  + *(const Vector *)(rows[Middle + k]->values[moment] + offset);
    sum += pair * weights[k];
  }
  *result = sum;
}

/// Adds the deficits of one row of window positions, of which `count` values are in the picture.
INLINE void addDeficits(
    const StripRow *const *rows, size_t count, const double *weights, const Vector *c1,
    const Vector *c2, Vector *similarity, Vector *contrast) {
  for (size_t offset = 0; offset < count; offset += Lanes) {
    Vector meanX, meanY, squares, squaredDifference;
    filterColumn(rows, MeanX, offset, weights, &meanX);
    filterColumn(rows, MeanY, offset, weights, &meanY);
    filterColumn(rows, SumOfSquares, offset, weights, &squares);
    filterColumn(rows, SquaredDifference, offset, weights, &squaredDifference);

    Vector meanDifference = meanX - meanY;
    Vector luminanceLoss = meanDifference * meanDifference;
    Vector contrastLoss = squaredDifference - luminanceLoss;
    Vector squaredMeans = meanX * meanX + meanY * meanY;
    Vector luminance = squaredMeans + *c1;
    Vector variances = (squares - squaredMeans) + *c2;
    // One division instead of two: a/D1 and b/D2 share 1 / (D1 D2).
    Vector reciprocal = 1.0 / (luminance * variances);
    Vector contrastDeficit = (contrastLoss * luminance) * reciprocal;
    // 1 - l cs = (1 - cs) + (1 - l) cs
    Vector similarityDeficit =
        contrastDeficit + (luminanceLoss * (variances - contrastLoss)) * reciprocal;

    if (offset + Lanes > count) {
      Mask inside;
      for (size_t i = 0; i < Lanes; i++) inside[i] = offset + i < count ? -1 : 0;
      contrastDeficit = (Vector)((Mask)contrastDeficit & inside);
      similarityDeficit = (Vector)((Mask)similarityDeficit & inside);
    }
    *similarity += similarityDeficit;
    *contrast += contrastDeficit;
  }
}

/// The whole comparison; inlined once for each level and number of channels.
INLINE void compare(
    const int32_t *reference, const int32_t *distorted, size_t width, size_t height,
    size_t channels, CImageMetricsConstants constants, double *similarityDeficits,
    double *contrastDeficits) {
  const size_t rowLength = width * channels;
  const size_t positions = (width - (Taps - 1)) * channels;
  MomentRow moments;
  StripRow ring[Taps];
  memset(&moments, 0, sizeof moments);
  Vector c1, c2, similarity = {0}, contrast = {0};
  for (size_t i = 0; i < Lanes; i++) {
    c1[i] = constants.luminance[i % channels];
    c2[i] = constants.contrast[i % channels];
  }

  for (size_t first = 0; first < positions; first += Strip) {
    const size_t count = positions - first < Strip ? positions - first : Strip;
    const size_t groups = (count + Lanes - 1) / Lanes;
    const size_t span = count + (Taps - 1) * channels;
    for (size_t y = 0; y < height; y++) {
      const size_t start = y * rowLength + first;
      makeMoments(reference + start, distorted + start, span, &moments);
      filterRow(&moments, channels, groups, constants.weights, &ring[y % Taps]);
      if (y < Taps - 1) continue;
      const StripRow *rows[Taps];
      for (size_t k = 0; k < Taps; k++) rows[k] = &ring[(y + 1 + k) % Taps];
      addDeficits(rows, count, constants.weights, &c1, &c2, &similarity, &contrast);
    }
  }
  for (size_t c = 0; c < channels; c++) similarityDeficits[c] = contrastDeficits[c] = 0;
  for (size_t i = 0; i < Lanes; i++) {
    similarityDeficits[i % channels] += similarity[i];
    contrastDeficits[i % channels] += contrast[i];
  }
}

/// Defines `compare` for one level, with the number of channels as a constant.
#define DEFINE_LEVEL(NAME, ATTRIBUTES)                                                            \
  ATTRIBUTES static void NAME(                                                                    \
      const int32_t *reference, const int32_t *distorted, size_t width, size_t height,            \
      size_t channels, CImageMetricsConstants constants, double *similarity, double *contrast) {  \
    if (channels == 1) {                                                                          \
      compare(reference, distorted, width, height, 1, constants, similarity, contrast);           \
    } else {                                                                                      \
      compare(                                                                                    \
          reference, distorted, width, height, MaximumChannels, constants, similarity, contrast); \
    }                                                                                             \
  }

DEFINE_LEVEL(compareBaseline, )
#if defined(__x86_64__)
DEFINE_LEVEL(compareAVX2, __attribute__((target("avx2"))))
DEFINE_LEVEL(compareAVX512, __attribute__((target("avx512f"))))
#endif

CImageMetricsLevel CImageMetricsBestLevel(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return CImageMetricsLevelAVX512;
  if (__builtin_cpu_supports("avx2")) return CImageMetricsLevelAVX2;
#endif
  return CImageMetricsLevelBaseline;
}

void CImageMetricsCompareStructure(
    CImageMetricsLevel level, const int32_t *reference, const int32_t *distorted, size_t width,
    size_t height, size_t channels, CImageMetricsConstants constants, double *similarityDeficits,
    double *contrastDeficits) {
  void (*compareAtLevel)(
      const int32_t *, const int32_t *, size_t, size_t, size_t, CImageMetricsConstants, double *,
      double *) = compareBaseline;
#if defined(__x86_64__)
  if (level == CImageMetricsLevelAVX2) compareAtLevel = compareAVX2;
  if (level == CImageMetricsLevelAVX512) compareAtLevel = compareAVX512;
#else
  (void)level;
#endif
  compareAtLevel(
      reference, distorted, width, height, channels, constants, similarityDeficits,
      contrastDeficits);
}
