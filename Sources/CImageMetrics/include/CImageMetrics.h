// The inner loops of the image metrics.
//
// They are C because Swift builds for the baseline of an architecture, while these loops gain a
// factor of two to four from wider vectors. Every function takes plain pointers to memory that the
// caller owns, allocates nothing and cannot fail.
//
// A *plane set* is a picture as 32-bit integers, row by row, with `channels` values per pixel: 1
// for grey, 4 for colour (red, green, blue, luma).

#ifndef CIMAGEMETRICS_H
#define CIMAGEMETRICS_H

#include <stddef.h>
#include <stdint.h>

/// An instruction set that the floating-point loops are compiled for.
typedef enum CImageMetricsLevel {
  /// What every processor of the architecture has: SSE2 or NEON.
  CImageMetricsLevelBaseline = 0,
  /// AVX2, x86-64 only.
  CImageMetricsLevelAVX2 = 1,
  /// AVX-512 F, x86-64 only.
  CImageMetricsLevelAVX512 = 2,
} CImageMetricsLevel;

/// The widest level that this processor has.
CImageMetricsLevel CImageMetricsBestLevel(void);

/// What a comparison needs to know beside the two pictures.
typedef struct CImageMetricsConstants {
  /// The eleven-tap window from its middle outwards, six numbers; the first is the middle.
  const double *_Nonnull weights;
  /// C1 of SSIM for each channel, in squared units of its samples.
  const double *_Nonnull luminance;
  /// C2 of SSIM for each channel, in squared units of its samples.
  const double *_Nonnull contrast;
} CImageMetricsConstants;

/// Compares the structure of two plane sets of the same size, at least 11×11 pixels.
///
/// The result has the same bits on every level: all levels run the same additions and
/// multiplications in the same order, and none is contracted into a fused one.
///
/// - level: at most `CImageMetricsBestLevel()`.
/// - channels: 1 or 4.
/// - similarityDeficits: for each channel the sum of `1 - ssim` over all window positions.
/// - contrastDeficits: for each channel the sum of `1 - cs` over all window positions.
void CImageMetricsCompareStructure(
    CImageMetricsLevel level, const int32_t *_Nonnull reference, const int32_t *_Nonnull distorted,
    size_t width, size_t height, size_t channels, CImageMetricsConstants constants,
    double *_Nonnull similarityDeficits, double *_Nonnull contrastDeficits);

/// Writes the plane set of interleaved 8-bit RGB: red, green, blue and 299 R + 587 G + 114 B, which
/// is luma in thousandths.
void CImageMetricsMakeColorPlanes(
    const uint8_t *_Nonnull rgb, size_t pixelCount, int32_t *_Nonnull planes);

/// Writes the plane set of 8-bit grey.
void CImageMetricsMakeGrayPlane(
    const uint8_t *_Nonnull gray, size_t pixelCount, int32_t *_Nonnull plane);

/// Adds up the four pixels of each 2×2 block. An odd last row or column counts twice.
///
/// - halved: room for `(width + 1) / 2 * ((height + 1) / 2) * channels` values.
/// - channels: 1 or 4.
void CImageMetricsHalve(
    const int32_t *_Nonnull planes, size_t width, size_t height, size_t channels,
    int32_t *_Nonnull halved);

/// Adds the squared differences of two plane sets to `sums`, one sum for each channel.
///
/// - channels: 1 or 4.
void CImageMetricsAddSquaredErrors(
    const int32_t *_Nonnull reference, const int32_t *_Nonnull distorted, size_t pixelCount,
    size_t channels, uint64_t *_Nonnull sums);

#endif
