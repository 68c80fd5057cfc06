#ifndef CCHILDPROCESS_H
#define CCHILDPROCESS_H

#include <stdbool.h>
#include <sys/types.h>

/// What a program is started with; all pointers are borrowed for the call.
typedef struct {
  const char *executable;
  /// Arguments and environment, each ending with a null pointer.
  char *const *arguments;
  char *const *environment;
  /// The folder to start in, null for that of this process.
  const char *folder;
  /// The descriptor to read from, negative for /dev/null.
  int standard_input;
  /// The files to write to, null for the standard error of this process.
  const char *standard_output;
  const char *standard_error;
  /// Whether the program leads a session of its own, and not only a process group.
  bool leads_session;
} CChildProcess_Start;

/// Starts a program with no signal blocked or ignored and no other descriptor open, but for those
/// that this process lets programs inherit.
///
/// Returns 0 or the system's error number.
///
/// In C because glibc declares posix_spawn_file_actions_addchdir_np and POSIX_SPAWN_SETSID only for
/// _GNU_SOURCE, which Swift's view of glibc is without.
int CChildProcess_spawn(const CChildProcess_Start *start, pid_t *identifier);

#endif
