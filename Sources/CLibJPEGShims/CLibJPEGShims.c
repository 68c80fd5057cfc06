#include "CLibJPEGShims.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jerror.h>
#include <jpeglib.h>

// A note on setjmp: a local variable that changes between setjmp and longjmp and is read afterwards
// has no defined value unless it is volatile. Here the only such object is the libjpeg struct, which
// lives in memory because its address has been handed to the library before the jump is set.

typedef struct {
  struct jpeg_error_mgr base;
  jmp_buf jump;
  CLibJPEGShims_Status status;
} ErrorManager;

static void fail(j_common_ptr cinfo) {
  ErrorManager *errors = (ErrorManager *)cinfo->err;
  char text[JMSG_LENGTH_MAX];
  errors->base.format_message(cinfo, text);
  errors->status.failed = true;
  errors->status.code = errors->base.msg_code;
  snprintf(errors->status.message, sizeof errors->status.message, "%s", text);
  longjmp(errors->jump, 1);
}

// Level -1 is a warning: the data are damaged and the library would make something up. Levels from 0
// on are trace messages.
static void fail_on_warning(j_common_ptr cinfo, int level) {
  if (level < 0) fail(cinfo);
}

static struct jpeg_error_mgr *set_up(ErrorManager *errors) {
  memset(errors, 0, sizeof *errors);
  jpeg_std_error(&errors->base);
  errors->base.error_exit = fail;
  errors->base.emit_message = fail_on_warning;
  return &errors->base;
}

// The library's jpeg_mem_dest leaves its buffer in doubt after an error, and this one copies less.
typedef struct {
  struct jpeg_destination_mgr base;
  void *context;
  CLibJPEGShims_Sink sink;
  JOCTET buffer[1 << 14];
} Destination;

static void reset_buffer(j_compress_ptr cinfo) {
  Destination *destination = (Destination *)cinfo->dest;
  destination->base.next_output_byte = destination->buffer;
  destination->base.free_in_buffer = sizeof destination->buffer;
}

static boolean empty_buffer(j_compress_ptr cinfo) {
  Destination *destination = (Destination *)cinfo->dest;
  destination->sink(destination->context, destination->buffer, sizeof destination->buffer);
  reset_buffer(cinfo);
  return TRUE;
}

static void finish_buffer(j_compress_ptr cinfo) {
  Destination *destination = (Destination *)cinfo->dest;
  const size_t count = sizeof destination->buffer - destination->base.free_in_buffer;
  destination->sink(destination->context, destination->buffer, count);
}

static void configure(j_compress_ptr cinfo, CLibJPEGShims_Options options) {
  jpeg_set_defaults(cinfo);
  jpeg_set_quality(cinfo, options.quality, TRUE);
  cinfo->dct_method = JDCT_ISLOW;
  cinfo->arith_code = options.arithmetic;
  // Arithmetic coding adapts as it goes and has no tables to optimise.
  cinfo->optimize_coding = !options.arithmetic;
  if (cinfo->num_components == 3) {
    cinfo->comp_info[0].h_samp_factor = options.horizontal_subsampling;
    cinfo->comp_info[0].v_samp_factor = options.vertical_subsampling;
  }
  if (options.progressive) jpeg_simple_progression(cinfo);
}

CLibJPEGShims_Status CLibJPEGShims_encode(
    const uint8_t *samples, uint32_t width, uint32_t height, uint32_t channel_count,
    CLibJPEGShims_Options options, void *context, CLibJPEGShims_Sink sink) {
  ErrorManager errors;
  struct jpeg_compress_struct cinfo = {.err = set_up(&errors)};
  Destination destination = {
      .base = {.init_destination = reset_buffer,
               .empty_output_buffer = empty_buffer,
               .term_destination = finish_buffer},
      .context = context,
      .sink = sink,
  };
  if (setjmp(errors.jump) == 0) {
    jpeg_create_compress(&cinfo);
    cinfo.dest = &destination.base;
    cinfo.image_width = width;
    cinfo.image_height = height;
    cinfo.input_components = (int)channel_count;
    cinfo.in_color_space = channel_count == 1 ? JCS_GRAYSCALE : JCS_RGB;
    configure(&cinfo, options);
    jpeg_start_compress(&cinfo, TRUE);
    const size_t stride = (size_t)width * channel_count;
    while (cinfo.next_scanline < cinfo.image_height) {
      JSAMPROW row = (JSAMPROW)(samples + cinfo.next_scanline * stride);
      jpeg_write_scanlines(&cinfo, &row, 1);
    }
    jpeg_finish_compress(&cinfo);
  }
  jpeg_destroy_compress(&cinfo);
  return errors.status;
}

CLibJPEGShims_Status CLibJPEGShims_readHeader(
    const uint8_t *bytes, size_t count, CLibJPEGShims_Header *header) {
  ErrorManager errors;
  struct jpeg_decompress_struct cinfo = {.err = set_up(&errors)};
  if (setjmp(errors.jump) == 0) {
    jpeg_create_decompress(&cinfo);
    jpeg_mem_src(&cinfo, (unsigned char *)bytes, count);
    jpeg_read_header(&cinfo, TRUE);
    header->width = cinfo.image_width;
    header->height = cinfo.image_height;
    header->component_count = (uint32_t)cinfo.num_components;
  }
  jpeg_destroy_decompress(&cinfo);
  return errors.status;
}

// A small file can hold thousands of empty scans, each of which costs a pass over the whole picture.
// Progressive files need about a dozen.
static void limit_scans(j_common_ptr cinfo) {
  const int maximum_scan_count = 500;
  if (cinfo->is_decompressor &&
      ((j_decompress_ptr)cinfo)->input_scan_number > maximum_scan_count) {
    ERREXIT(cinfo, JERR_BAD_PROGRESSION);
  }
}

CLibJPEGShims_Status CLibJPEGShims_decode(
    const uint8_t *bytes, size_t count, uint8_t *samples, size_t stride) {
  ErrorManager errors;
  struct jpeg_decompress_struct cinfo = {.err = set_up(&errors)};
  struct jpeg_progress_mgr progress = {.progress_monitor = limit_scans};
  if (setjmp(errors.jump) == 0) {
    jpeg_create_decompress(&cinfo);
    cinfo.progress = &progress;
    jpeg_mem_src(&cinfo, (unsigned char *)bytes, count);
    jpeg_read_header(&cinfo, TRUE);
    cinfo.out_color_space = cinfo.num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
    cinfo.dct_method = JDCT_ISLOW;
    cinfo.do_fancy_upsampling = TRUE;
    jpeg_start_decompress(&cinfo);
    if ((size_t)cinfo.output_width * cinfo.output_components != stride) {
      ERREXIT(&cinfo, JERR_BAD_LENGTH);
    }
    while (cinfo.output_scanline < cinfo.output_height) {
      JSAMPROW row = samples + cinfo.output_scanline * stride;
      jpeg_read_scanlines(&cinfo, &row, 1);
    }
    // Reads on to the end-of-image marker, which a truncated file lacks.
    jpeg_finish_decompress(&cinfo);
  }
  jpeg_destroy_decompress(&cinfo);
  return errors.status;
}

bool CLibJPEGShims_hasArithmeticCoding(void) {
#if defined(C_ARITH_CODING_SUPPORTED) && defined(D_ARITH_CODING_SUPPORTED)
  return true;
#else
  return false;
#endif
}
