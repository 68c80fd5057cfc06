#ifdef __linux__
#define _GNU_SOURCE
#include <link.h>
#endif

#include "CLibJPEGShims.h"

#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

// libjpeg has no call for its name or its version. libjpeg-turbo and mozjpeg carry a text of the form
// "libjpeg-turbo version 2.1.5 (build 20230203)" among their constants, so on Linux the constants of
// the library that is loaded are asked. Where there is none, the library is that of the Independent
// JPEG Group, whose message JMSG_VERSION begins with the version, as in "9e  16-Jan-2022". Elsewhere
// the headers of the build stand in.

#define TEXT_OF(x) #x
#define EXPANDED_TEXT_OF(x) TEXT_OF(x)

typedef struct {
  const char *name;
  const char *text;
  size_t count;
} Version;

// The name and version that the library's own messages give it.
static Version message_version(void) {
  struct jpeg_error_mgr manager;
  const char *text = jpeg_std_error(&manager)->jpeg_message_table[JMSG_VERSION];
  return (Version){"libjpeg", text, strcspn(text, " ")};
}

#ifdef __linux__

static bool holds(const struct dl_phdr_info *object, const ElfW(Phdr) * segment, uintptr_t address) {
  const uintptr_t start = object->dlpi_addr + segment->p_vaddr;
  return segment->p_type == PT_LOAD && address >= start && address - start < segment->p_memsz;
}

static bool find_in_segment(const char *bytes, size_t count, const char *name, Version *version) {
  char prefix[64];
  const int prefix_count = snprintf(prefix, sizeof prefix, "%s version ", name);
  const char *found = memmem(bytes, count, prefix, (size_t)prefix_count);
  if (found == NULL) return false;
  const char *text = found + prefix_count;
  const size_t rest = count - (size_t)(text - bytes);
  size_t length = 0;
  while (length < rest && text[length] != ' ' && text[length] != '\0') length++;
  *version = (Version){name, text, length};
  return length > 0;
}

// Called for each loaded object; returns 1 to stop at the one that holds libjpeg.
static int visit(struct dl_phdr_info *object, size_t size, void *context) {
  (void)size;
  static const char *const names[] = {"libjpeg-turbo", "mozjpeg"};
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
    for (size_t name = 0; name < sizeof names / sizeof names[0]; name++) {
      if (find_in_segment(bytes, segment->p_filesz, names[name], context)) return 1;
    }
  }
  return 1;
}

static Version loaded_version(void) {
  Version version = message_version();
  dl_iterate_phdr(visit, &version);
  return version;
}

#else

static Version loaded_version(void) {
#ifdef LIBJPEG_TURBO_VERSION
  static const char text[] = EXPANDED_TEXT_OF(LIBJPEG_TURBO_VERSION);
  return (Version){"libjpeg-turbo", text, sizeof text - 1};
#else
  return message_version();
#endif
}

#endif

void CLibJPEGShims_copyName(char *text, size_t capacity) {
  snprintf(text, capacity, "%s", loaded_version().name);
}

void CLibJPEGShims_copyVersion(char *text, size_t capacity) {
  const Version version = loaded_version();
  snprintf(text, capacity, "%.*s", (int)version.count, version.text);
}
