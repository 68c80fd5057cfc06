#ifdef __linux__
#define _GNU_SOURCE
#include <link.h>
#endif

#include "CLibJPEGShims.h"

#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

// libjpeg has no call for its version. The messages JMSG_VERSION and JMSG_COPYRIGHT of its table
// give the API level ("6b") and years only, and LIBJPEG_TURBO_VERSION is the version of the headers
// at build time. libjpeg-turbo does carry a text of the form "libjpeg-turbo version 2.1.5 (build
// 20230203)" among its constants, so on Linux the constants of the library that is loaded are asked;
// where that finds nothing, the version of the headers stands in.

#define TEXT_OF(x) #x
#define EXPANDED_TEXT_OF(x) TEXT_OF(x)

#ifdef LIBJPEG_TURBO_VERSION
static const char header_version[] = EXPANDED_TEXT_OF(LIBJPEG_TURBO_VERSION);
#else
static const char header_version[] = EXPANDED_TEXT_OF(JPEG_LIB_VERSION);
#endif

#ifdef __linux__

typedef struct {
  const char *text;
  size_t count;
} Version;

static bool holds(const struct dl_phdr_info *object, const ElfW(Phdr) * segment, uintptr_t address) {
  const uintptr_t start = object->dlpi_addr + segment->p_vaddr;
  return segment->p_type == PT_LOAD && address >= start && address - start < segment->p_memsz;
}

static bool find_in_segment(const char *bytes, size_t count, Version *version) {
  static const char prefix[] = "libjpeg-turbo version ";
  const size_t prefix_count = sizeof prefix - 1;
  const char *found = memmem(bytes, count, prefix, prefix_count);
  if (found == NULL) return false;
  const char *text = found + prefix_count;
  const size_t rest = count - (size_t)(text - bytes);
  size_t length = 0;
  while (length < rest && text[length] != ' ' && text[length] != '\0') length++;
  *version = (Version){text, length};
  return length > 0;
}

// Called for each loaded object; returns 1 to stop at the one that holds libjpeg.
static int visit(struct dl_phdr_info *object, size_t size, void *context) {
  (void)size;
  const uintptr_t function = (uintptr_t)&jpeg_std_error;
  bool is_library = false;
  for (int i = 0; i < object->dlpi_phnum; i++) {
    is_library = is_library || holds(object, &object->dlpi_phdr[i], function);
  }
  if (!is_library) return 0;
  for (int i = 0; i < object->dlpi_phnum; i++) {
    const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
    const bool is_readable = (segment->p_flags & PF_R) != 0;
    const bool is_writable = (segment->p_flags & PF_W) != 0;
    if (segment->p_type != PT_LOAD || !is_readable || is_writable) continue;
    const char *bytes = (const char *)(object->dlpi_addr + segment->p_vaddr);
    if (find_in_segment(bytes, segment->p_filesz, context)) break;
  }
  return 1;
}

void CLibJPEGShims_copyVersion(char *text, size_t capacity) {
  Version version = {header_version, sizeof header_version - 1};
  dl_iterate_phdr(visit, &version);
  snprintf(text, capacity, "%.*s", (int)version.count, version.text);
}

#else

void CLibJPEGShims_copyVersion(char *text, size_t capacity) {
  snprintf(text, capacity, "%s", header_version);
}

#endif
