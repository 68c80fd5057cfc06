#ifndef CLibPNGShims_H
#define CLibPNGShims_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// libpng reports errors with longjmp, which must not cross a Swift frame. Each function below does
// one whole job inside one C frame that owns the jump, the libpng structs and the message.

/// How a call ended.
typedef struct {
  /// Whether the call failed; outputs are then incomplete and must not be used.
  bool failed;
  /// libpng's own words, NUL-terminated; empty on success.
  char message[128];
} CLibPNGShims_Status;

/// What the chunks before the first IDAT say.
typedef struct {
  uint32_t width;
  uint32_t height;
  /// Bits per sample as stored: 1, 2, 4, 8 or 16.
  uint32_t bit_depth;
  /// Samples per pixel after expansion of palette and tRNS: 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA.
  uint32_t channel_count;
  /// Whether an sRGB chunk is there, or an ICC profile that libpng knows to be sRGB.
  bool declares_srgb;
  /// Whether a cHRM chunk is there.
  bool has_chromaticities;
  /// x and y of white, red, green and blue from cHRM.
  double chromaticities[8];
} CLibPNGShims_Header;

/// Takes bytes away; called any number of times before a function returns, never after.
typedef void (*CLibPNGShims_Sink)(void *context, const uint8_t *bytes, size_t count);

/// Reads the chunks before the first IDAT and hands an ICC profile, if any, to `profile_sink`.
CLibPNGShims_Status CLibPNGShims_readHeader(
    const uint8_t *bytes, size_t count, CLibPNGShims_Header *header, void *context,
    CLibPNGShims_Sink profile_sink);

/// Reads a whole picture of at most 8 bits per sample and checks the file to its last byte.
///
/// Writes `stride * height` bytes to `samples`; `stride` is width times channel count as
/// CLibPNGShims_readHeader gives them. Gamma and colour profiles are not applied.
CLibPNGShims_Status CLibPNGShims_readSamples(
    const uint8_t *bytes, size_t count, uint8_t *samples, size_t stride);

/// Writes an 8-bit grey (one channel) or RGB (three channels) picture.
CLibPNGShims_Status CLibPNGShims_write(
    const uint8_t *samples, uint32_t width, uint32_t height, uint32_t channel_count, void *context,
    CLibPNGShims_Sink sink);

#endif
