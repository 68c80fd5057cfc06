#ifndef CCHILDPROCESS_H
#define CCHILDPROCESS_H

#include <sys/types.h>

/// What a program is started with; all pointers are borrowed for the call.
typedef struct {
  const char *executable;
  /// Arguments and environment, each ending with a null pointer.
  char *const *arguments;
  char *const *environment;
  const char *folder;
  const char *standard_output;
  const char *standard_error;
} CChildProcess_Start;

/// Starts a program in a folder, as the leader of a process group of its own.
///
/// It reads from /dev/null, writes to the two files, and has no signal blocked or ignored.
/// Returns 0 or the system's error number.
///
/// In C because glibc declares posix_spawn_file_actions_addchdir_np only for _GNU_SOURCE, which
/// Swift's view of glibc is without.
int CChildProcess_spawn(const CChildProcess_Start *start, pid_t *identifier);

#endif
