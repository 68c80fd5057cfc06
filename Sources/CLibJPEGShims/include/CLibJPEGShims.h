#ifndef CLibJPEGShims_H
#define CLibJPEGShims_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// libjpeg reports errors with longjmp, which must not cross a Swift frame, and describes its structs
// with macros that Swift cannot read. Each function below does one whole job inside one C frame that
// owns the jump, the libjpeg structs and the message.

/// How a call ended.
typedef struct {
  /// Whether the call failed; outputs are then incomplete and must not be used.
  bool failed;
  /// libjpeg's J_MESSAGE_CODE.
  int code;
  /// libjpeg's own words, NUL-terminated; empty on success.
  char message[200];
} CLibJPEGShims_Status;

/// What the encoder is told besides the picture.
typedef struct {
  /// 1 to 100 on the scale of the Independent JPEG Group; tables are kept to 8 bits (baseline).
  int quality;
  /// How many luma samples a chroma sample covers, 1 or 2 each way; no meaning for grey.
  int horizontal_subsampling;
  int vertical_subsampling;
  /// Whether to use libjpeg's standard progressive scan script.
  bool progressive;
  /// Arithmetic instead of optimised Huffman coding.
  bool arithmetic;
} CLibJPEGShims_Options;

/// What a file's header says.
typedef struct {
  uint32_t width;
  uint32_t height;
  /// 1 grey, 3 colour; others occur in other people's files.
  uint32_t component_count;
} CLibJPEGShims_Header;

/// Takes bytes away; called any number of times before a function returns, never after.
typedef void (*CLibJPEGShims_Sink)(void *context, const uint8_t *bytes, size_t count);

/// Encodes 8-bit grey (one channel) or RGB (three channels).
CLibJPEGShims_Status CLibJPEGShims_encode(
    const uint8_t *samples, uint32_t width, uint32_t height, uint32_t channel_count,
    CLibJPEGShims_Options options, void *context, CLibJPEGShims_Sink sink);

/// Reads the headers up to the first scan and takes no memory for the picture.
CLibJPEGShims_Status CLibJPEGShims_readHeader(
    const uint8_t *bytes, size_t count, CLibJPEGShims_Header *header);

/// Decodes to `stride * height` bytes of grey or RGB.
///
/// `stride` is width times component count as CLibJPEGShims_readHeader gives them. A warning of the
/// library (data that end early or do not parse) counts as a failure.
CLibJPEGShims_Status CLibJPEGShims_decode(
    const uint8_t *bytes, size_t count, uint8_t *samples, size_t stride);

/// Whether the library's headers promise arithmetic coding both ways.
bool CLibJPEGShims_hasArithmeticCoding(void);

/// Writes the name of the libjpeg that is loaded, NUL-terminated: `libjpeg-turbo`, `mozjpeg`, or
/// `libjpeg` for that of the Independent JPEG Group.
void CLibJPEGShims_copyName(char *text, size_t capacity);

/// Writes the version of the libjpeg that is loaded, NUL-terminated, such as `2.1.5`.
void CLibJPEGShims_copyVersion(char *text, size_t capacity);

#endif
