#include "CLibPNGShims.h"

#include <png.h>
#include <stdio.h>
#include <string.h>

// A note on setjmp: a local variable that changes between setjmp and longjmp and is read afterwards
// has no defined value unless it is volatile. The functions here avoid the question: everything
// that the failure path reads is set before setjmp or lives behind a pointer.

static void fail(png_structp png, png_const_charp message) {
  CLibPNGShims_Status *status = png_get_error_ptr(png);
  status->failed = true;
  snprintf(status->message, sizeof status->message, "%s", message);
  png_longjmp(png, 1);
}

// libpng warns about things that do not touch the samples, such as an odd text chunk.
static void ignore_warning(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static CLibPNGShims_Status out_of_memory(void) {
  return (CLibPNGShims_Status){.failed = true, .message = "out of memory"};
}

typedef struct {
  const uint8_t *bytes;
  size_t count;
  size_t position;
} Source;

static void read_bytes(png_structp png, png_bytep destination, size_t count) {
  Source *source = png_get_io_ptr(png);
  if (count > source->count - source->position) png_error(png, "the file ends too early");
  memcpy(destination, source->bytes + source->position, count);
  source->position += count;
}

static png_structp make_reader(CLibPNGShims_Status *status, Source *source) {
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, status, fail, ignore_warning);
  if (png == NULL) return NULL;
  png_set_read_fn(png, source, read_bytes);
  // The caller has its own bound on the size and has applied it.
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  // A wrong checksum anywhere means a damaged file; by default libpng skips small chunks.
  png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  return png;
}

static void describe(png_structp png, png_infop info, CLibPNGShims_Header *header) {
  const png_byte color_type = png_get_color_type(png, info);
  const bool has_alpha =
      (color_type & PNG_COLOR_MASK_ALPHA) != 0 || png_get_valid(png, info, PNG_INFO_tRNS) != 0;
  header->width = png_get_image_width(png, info);
  header->height = png_get_image_height(png, info);
  header->bit_depth = png_get_bit_depth(png, info);
  header->channel_count = ((color_type & PNG_COLOR_MASK_COLOR) != 0 ? 3 : 1) + (has_alpha ? 1 : 0);
  header->declares_srgb = png_get_valid(png, info, PNG_INFO_sRGB) != 0;
  double *c = header->chromaticities;
  header->has_chromaticities =
      png_get_cHRM(png, info, c, c + 1, c + 2, c + 3, c + 4, c + 5, c + 6, c + 7) != 0;
}

CLibPNGShims_Status CLibPNGShims_readHeader(
    const uint8_t *bytes, size_t count, CLibPNGShims_Header *header, void *context,
    CLibPNGShims_Sink profile_sink) {
  CLibPNGShims_Status status = {0};
  Source source = {bytes, count, 0};
  png_structp png = make_reader(&status, &source);
  png_infop info = png == NULL ? NULL : png_create_info_struct(png);
  if (info == NULL) {
    png_destroy_read_struct(&png, NULL, NULL);
    return out_of_memory();
  }
  if (setjmp(png_jmpbuf(png)) == 0) {
    png_read_info(png, info);
    describe(png, info, header);
    png_charp name = NULL;
    png_bytep profile = NULL;
    png_uint_32 profile_size = 0;
    int compression = 0;
    if (png_get_iCCP(png, info, &name, &compression, &profile, &profile_size) != 0) {
      profile_sink(context, profile, profile_size);
    }
  }
  png_destroy_read_struct(&png, &info, NULL);
  return status;
}

CLibPNGShims_Status CLibPNGShims_readSamples(
    const uint8_t *bytes, size_t count, uint8_t *samples, size_t stride) {
  CLibPNGShims_Status status = {0};
  Source source = {bytes, count, 0};
  png_structp png = make_reader(&status, &source);
  png_infop info = png == NULL ? NULL : png_create_info_struct(png);
  if (info == NULL) {
    png_destroy_read_struct(&png, NULL, NULL);
    return out_of_memory();
  }
  if (setjmp(png_jmpbuf(png)) == 0) {
    png_read_info(png, info);
    png_set_expand(png);
    const int pass_count = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    if (png_get_rowbytes(png, info) != stride) png_error(png, "the rows have an unexpected length");
    const png_uint_32 height = png_get_image_height(png, info);
    for (int pass = 0; pass < pass_count; pass++) {
      for (png_uint_32 y = 0; y < height; y++) {
        png_read_row(png, samples + (size_t)y * stride, NULL);
      }
    }
    // The rows may be complete before the data are: IEND and every checksum must be there too.
    png_read_end(png, NULL);
  }
  png_destroy_read_struct(&png, &info, NULL);
  return status;
}

typedef struct {
  void *context;
  CLibPNGShims_Sink sink;
} Destination;

static void write_bytes(png_structp png, png_bytep bytes, size_t count) {
  const Destination *destination = png_get_io_ptr(png);
  destination->sink(destination->context, bytes, count);
}

static void flush_nothing(png_structp png) { (void)png; }

CLibPNGShims_Status CLibPNGShims_write(
    const uint8_t *samples, uint32_t width, uint32_t height, uint32_t channel_count, void *context,
    CLibPNGShims_Sink sink) {
  CLibPNGShims_Status status = {0};
  Destination destination = {context, sink};
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &status, fail, ignore_warning);
  png_infop info = png == NULL ? NULL : png_create_info_struct(png);
  if (info == NULL) {
    png_destroy_write_struct(&png, NULL);
    return out_of_memory();
  }
  if (setjmp(png_jmpbuf(png)) == 0) {
    png_set_write_fn(png, &destination, write_bytes, flush_nothing);
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_IHDR(
        png, info, width, height, 8, channel_count == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB,
        PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    for (uint32_t y = 0; y < height; y++) {
      png_write_row(png, samples + (size_t)y * width * channel_count);
    }
    png_write_end(png, info);
  }
  png_destroy_write_struct(&png, &info);
  return status;
}
