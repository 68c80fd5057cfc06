#ifndef C_NEURAL_KERNELS_H
#define C_NEURAL_KERNELS_H

#include <stdint.h>

// Moves and element-wise arithmetic between the layers that oneDNN computes. In C because the
// compiler turns these loops into vector code in release builds, which it does not for Swift's with
// their checks; debug builds gain as well. Activations are channels-last. Sizes are of the source;
// elements are `elementSize` bytes, 2 or 4.

/// (H, W, C * block * block) to (H * block, W * block, C); channel c * block² + dy * block + dx of
/// the source goes to channel c at (y * block + dy, x * block + dx), as PyTorch's pixel_shuffle.
void CNeuralDepthToSpace(
  const void *_Nonnull source, void *_Nonnull destination, int64_t height, int64_t width,
  int64_t channels, int64_t block, int64_t elementSize);
/// The inverse of CNeuralDepthToSpace.
void CNeuralSpaceToDepth(
  const void *_Nonnull source, void *_Nonnull destination, int64_t height, int64_t width,
  int64_t channels, int64_t block, int64_t elementSize);
/// Rounds floats to brain floats, ties to even; NaN stays NaN.
void CNeuralFloatsToBFloat16(
  const float *_Nonnull source, uint16_t *_Nonnull destination, int64_t count);
/// Multiplies two arrays, element by element.
void CNeuralMultiplyFloats(
  const float *_Nonnull first, const float *_Nonnull second, float *_Nonnull destination,
  int64_t count);
/// Multiplies two arrays of brain floats, element by element, and rounds to brain floats.
void CNeuralMultiplyBFloat16(
  const uint16_t *_Nonnull first, const uint16_t *_Nonnull second, uint16_t *_Nonnull destination,
  int64_t count);
/// Adds two arrays, element by element.
void CNeuralAddFloats(
  const float *_Nonnull first, const float *_Nonnull second, float *_Nonnull destination,
  int64_t count);
/// Adds two arrays of brain floats, element by element, and rounds to brain floats.
void CNeuralAddBFloat16(
  const uint16_t *_Nonnull first, const uint16_t *_Nonnull second, uint16_t *_Nonnull destination,
  int64_t count);
/// Takes the sign off each element.
void CNeuralMagnitudeFloats(
  const float *_Nonnull source, float *_Nonnull destination, int64_t count);
/// Takes the sign off each brain float.
void CNeuralMagnitudeBFloat16(
  const uint16_t *_Nonnull source, uint16_t *_Nonnull destination, int64_t count);
/// Copies `size` bytes per position into the `destinationSize` bytes of each position of the
/// destination, from byte `offset` on.
void CNeuralCopyChannels(
  const void *_Nonnull source, void *_Nonnull destination, int64_t positions, int64_t size,
  int64_t destinationSize, int64_t offset);
/// The largest of each 2 x 2 positions, (H, W, C) to (H / 2, W / 2, C), for even H and W.
void CNeuralMaximumPoolFloats(
  const float *_Nonnull source, float *_Nonnull destination, int64_t height, int64_t width,
  int64_t channels);
/// As CNeuralMaximumPoolFloats, of brain floats.
void CNeuralMaximumPoolBFloat16(
  const uint16_t *_Nonnull source, uint16_t *_Nonnull destination, int64_t height, int64_t width,
  int64_t channels);
/// Repeats each position `factor` times both ways, (H, W, C) to (H * factor, W * factor, C), with
/// `size` bytes per position.
void CNeuralEnlarge(
  const void *_Nonnull source, void *_Nonnull destination, int64_t height, int64_t width,
  int64_t size, int64_t factor);

/// A map of levels: how many positions each covers, and how many there are.
typedef struct {
  int64_t blockHeight, blockWidth, height, width;
} CNeuralLevelMap;

/// Multiplies each position by the row of `table` (levels x channels) that the map names there.
void CNeuralModulateFloats(
  const float *_Nonnull source, float *_Nonnull destination, int64_t channels,
  const float *_Nonnull table, const uint8_t *_Nonnull levels,
  const CNeuralLevelMap *_Nonnull map);
/// As CNeuralModulateFloats, of brain floats; the table is not rounded, the product is.
void CNeuralModulateBFloat16(
  const uint16_t *_Nonnull source, uint16_t *_Nonnull destination, int64_t channels,
  const float *_Nonnull table, const uint8_t *_Nonnull levels,
  const CNeuralLevelMap *_Nonnull map);

#endif
