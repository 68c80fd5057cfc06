#include <string.h>

#include "CNeuralKernels.h"

// Moves between (H, W, C * block * block) at `deep` and (H * block, W * block, C) at `wide`.
// Inlined with a constant element size so that each move becomes one load and one store.
static inline __attribute__((always_inline)) void moveBlocks(
    char *deep, char *wide, int64_t height, int64_t width, int64_t channels, int64_t block,
    size_t elementSize, int toWide) {
  const int64_t area = block * block;
  for (int64_t y = 0; y < height; y++) {
    for (int64_t x = 0; x < width; x++) {
      char *position = deep + (size_t)((y * width + x) * channels * area) * elementSize;
      for (int64_t dy = 0; dy < block; dy++) {
        char *row = wide
                    + (size_t)(((y * block + dy) * width * block + x * block) * channels)
                          * elementSize;
        for (int64_t dx = 0; dx < block; dx++) {
          for (int64_t c = 0; c < channels; c++) {
            char *inDeep = position + (size_t)(c * area + dy * block + dx) * elementSize;
            char *inWide = row + (size_t)(dx * channels + c) * elementSize;
            if (toWide) {
              memcpy(inWide, inDeep, elementSize);
            } else {
              memcpy(inDeep, inWide, elementSize);
            }
          }
        }
      }
    }
  }
}

void CNeuralDepthToSpace(
    const void *source, void *destination, int64_t height, int64_t width, int64_t channels,
    int64_t block, int64_t elementSize) {
  // The source is only read: moveBlocks takes both as writable for the sake of its two directions.
  char *deep = (char *)source;
  if (elementSize == 4) {
    moveBlocks(deep, destination, height, width, channels / (block * block), block, 4, 1);
  } else {
    moveBlocks(deep, destination, height, width, channels / (block * block), block, 2, 1);
  }
}

void CNeuralSpaceToDepth(
    const void *source, void *destination, int64_t height, int64_t width, int64_t channels,
    int64_t block, int64_t elementSize) {
  char *wide = (char *)source;
  if (elementSize == 4) {
    moveBlocks(destination, wide, height / block, width / block, channels, block, 4, 0);
  } else {
    moveBlocks(destination, wide, height / block, width / block, channels, block, 2, 0);
  }
}

static inline uint16_t roundToBFloat16(float value) {
  uint32_t bits;
  memcpy(&bits, &value, 4);
  if (value != value) return (uint16_t)(bits >> 16 | 0x40);
  return (uint16_t)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

void CNeuralFloatsToBFloat16(const float *source, uint16_t *destination, int64_t count) {
  for (int64_t i = 0; i < count; i++) destination[i] = roundToBFloat16(source[i]);
}

void CNeuralMultiplyFloats(
    const float *first, const float *second, float *destination, int64_t count) {
  for (int64_t i = 0; i < count; i++) destination[i] = first[i] * second[i];
}

static inline float widened(uint16_t value) {
  const uint32_t bits = (uint32_t)value << 16;
  float result;
  memcpy(&result, &bits, 4);
  return result;
}

void CNeuralMultiplyBFloat16(
    const uint16_t *first, const uint16_t *second, uint16_t *destination, int64_t count) {
  for (int64_t i = 0; i < count; i++) {
    destination[i] = roundToBFloat16(widened(first[i]) * widened(second[i]));
  }
}

void CNeuralAddFloats(
    const float *first, const float *second, float *destination, int64_t count) {
  for (int64_t i = 0; i < count; i++) destination[i] = first[i] + second[i];
}

void CNeuralAddBFloat16(
    const uint16_t *first, const uint16_t *second, uint16_t *destination, int64_t count) {
  for (int64_t i = 0; i < count; i++) {
    destination[i] = roundToBFloat16(widened(first[i]) + widened(second[i]));
  }
}

void CNeuralMagnitudeFloats(const float *source, float *destination, int64_t count) {
  for (int64_t i = 0; i < count; i++) destination[i] = __builtin_fabsf(source[i]);
}

void CNeuralMagnitudeBFloat16(const uint16_t *source, uint16_t *destination, int64_t count) {
  for (int64_t i = 0; i < count; i++) destination[i] = source[i] & 0x7FFF;
}

void CNeuralCopyChannels(
    const void *source, void *destination, int64_t positions, int64_t size,
    int64_t destinationSize, int64_t offset) {
  const char *from = source;
  char *to = (char *)destination + offset;
  for (int64_t i = 0; i < positions; i++) {
    memcpy(to + i * destinationSize, from + i * size, (size_t)size);
  }
}

void CNeuralMaximumPoolFloats(
    const float *source, float *destination, int64_t height, int64_t width, int64_t channels) {
  for (int64_t y = 0; y < height; y += 2) {
    for (int64_t x = 0; x < width; x += 2) {
      const float *above = source + (y * width + x) * channels;
      const float *below = above + width * channels;
      for (int64_t c = 0; c < channels; c++) {
        const float top = above[c] > above[channels + c] ? above[c] : above[channels + c];
        const float bottom = below[c] > below[channels + c] ? below[c] : below[channels + c];
        *destination++ = top > bottom ? top : bottom;
      }
    }
  }
}

static inline uint16_t larger(uint16_t first, uint16_t second) {
  return widened(first) > widened(second) ? first : second;
}

void CNeuralMaximumPoolBFloat16(
    const uint16_t *source, uint16_t *destination, int64_t height, int64_t width,
    int64_t channels) {
  for (int64_t y = 0; y < height; y += 2) {
    for (int64_t x = 0; x < width; x += 2) {
      const uint16_t *above = source + (y * width + x) * channels;
      const uint16_t *below = above + width * channels;
      for (int64_t c = 0; c < channels; c++) {
        *destination++ = larger(
            larger(above[c], above[channels + c]), larger(below[c], below[channels + c]));
      }
    }
  }
}

void CNeuralEnlarge(
    const void *source, void *destination, int64_t height, int64_t width, int64_t size,
    int64_t factor) {
  const char *from = source;
  char *to = destination;
  const size_t row = (size_t)(width * factor * size);
  for (int64_t y = 0; y < height; y++) {
    char *first = to;
    for (int64_t x = 0; x < width; x++, from += size) {
      for (int64_t i = 0; i < factor; i++, to += size) memcpy(to, from, (size_t)size);
    }
    for (int64_t i = 1; i < factor; i++, to += row) memcpy(to, first, row);
  }
}

// The row of the table for a position.
static inline const float *rowAt(
    int64_t y, int64_t x, int64_t channels, const float *table, const uint8_t *levels,
    const CNeuralLevelMap *map) {
  return table + levels[y / map->blockHeight * map->width + x / map->blockWidth] * channels;
}

void CNeuralModulateFloats(
    const float *source, float *destination, int64_t channels, const float *table,
    const uint8_t *levels, const CNeuralLevelMap *map) {
  for (int64_t y = 0; y < map->height * map->blockHeight; y++) {
    for (int64_t x = 0; x < map->width * map->blockWidth; x++) {
      const float *row = rowAt(y, x, channels, table, levels, map);
      for (int64_t c = 0; c < channels; c++) *destination++ = *source++ * row[c];
    }
  }
}

void CNeuralModulateBFloat16(
    const uint16_t *source, uint16_t *destination, int64_t channels, const float *table,
    const uint8_t *levels, const CNeuralLevelMap *map) {
  for (int64_t y = 0; y < map->height * map->blockHeight; y++) {
    for (int64_t x = 0; x < map->width * map->blockWidth; x++) {
      const float *row = rowAt(y, x, channels, table, levels, map);
      for (int64_t c = 0; c < channels; c++) {
        *destination++ = roundToBFloat16(widened(*source++) * row[c]);
      }
    }
  }
}
