// Exact integer work on plane sets: any order of additions gives the same sums.

#include "CImageMetrics.h"

#define INLINE static inline __attribute__((always_inline))

void CImageMetricsMakeColorPlanes(
    const uint8_t *restrict rgb, size_t pixelCount, int32_t *restrict planes) {
  for (size_t i = 0; i < pixelCount; i++) {
    int32_t red = rgb[3 * i], green = rgb[3 * i + 1], blue = rgb[3 * i + 2];
    planes[4 * i] = red;
    planes[4 * i + 1] = green;
    planes[4 * i + 2] = blue;
    planes[4 * i + 3] = 299 * red + 587 * green + 114 * blue;
  }
}

void CImageMetricsMakeGrayPlane(
    const uint8_t *restrict gray, size_t pixelCount, int32_t *restrict plane) {
  for (size_t i = 0; i < pixelCount; i++) plane[i] = gray[i];
}

INLINE void halve(
    const int32_t *restrict planes, size_t width, size_t height, size_t channels,
    int32_t *restrict halved) {
  const size_t rowLength = width * channels;
  for (size_t y = 0; y < height; y += 2) {
    const int32_t *upper = planes + y * rowLength;
    const int32_t *lower = y + 1 < height ? upper + rowLength : upper;
    for (size_t x = 0; x + 1 < width; x += 2) {
      const size_t left = x * channels, right = left + channels;
      for (size_t c = 0; c < channels; c++) {
        *halved++ = (upper[left + c] + upper[right + c]) + (lower[left + c] + lower[right + c]);
      }
    }
    if (width % 2 == 1) {
      const size_t last = rowLength - channels;
      for (size_t c = 0; c < channels; c++) {
        *halved++ = 2 * (upper[last + c] + lower[last + c]);
      }
    }
  }
}

void CImageMetricsHalve(
    const int32_t *planes, size_t width, size_t height, size_t channels, int32_t *halved) {
  if (channels == 1) {
    halve(planes, width, height, 1, halved);
  } else {
    halve(planes, width, height, 4, halved);
  }
}

INLINE void addSquaredErrors(
    const int32_t *restrict reference, const int32_t *restrict distorted, size_t pixelCount,
    size_t channels, uint64_t *restrict sums) {
  uint64_t partial[4] = {0};
  for (size_t i = 0; i < pixelCount; i++) {
    for (size_t c = 0; c < channels; c++) {
      int64_t difference = reference[i * channels + c] - distorted[i * channels + c];
      partial[c] += (uint64_t)(difference * difference);
    }
  }
  for (size_t c = 0; c < channels; c++) sums[c] += partial[c];
}

void CImageMetricsAddSquaredErrors(
    const int32_t *reference, const int32_t *distorted, size_t pixelCount, size_t channels,
    uint64_t *sums) {
  if (channels == 1) {
    addSquaredErrors(reference, distorted, pixelCount, 1, sums);
  } else {
    addSquaredErrors(reference, distorted, pixelCount, 4, sums);
  }
}
