#define _GNU_SOURCE
#include "CChildProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <time.h>
#include <unistd.h>

// On macOS the flag also keeps descriptors that are not marked for it from the program.
#ifdef POSIX_SPAWN_CLOEXEC_DEFAULT
static const short closing = POSIX_SPAWN_CLOEXEC_DEFAULT;
#else
static const short closing = 0;
#endif

static int prepare_output(posix_spawn_file_actions_t *actions, int descriptor, const char *path) {
  if (!path) return posix_spawn_file_actions_adddup2(actions, STDERR_FILENO, descriptor);
  return posix_spawn_file_actions_addopen(actions, descriptor, path, O_WRONLY | O_CREAT | O_TRUNC,
                                          0600);
}

static int prepare_files(posix_spawn_file_actions_t *actions, const CChildProcess_Start *start) {
  int error =
      start->standard_input < 0
          ? posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
          : posix_spawn_file_actions_adddup2(actions, start->standard_input, STDIN_FILENO);
  if (!error) error = prepare_output(actions, STDOUT_FILENO, start->standard_output);
  if (!error) error = prepare_output(actions, STDERR_FILENO, start->standard_error);
  if (!error && start->folder)
    error = posix_spawn_file_actions_addchdir_np(actions, start->folder);
  return error;
}

static int prepare_process(posix_spawnattr_t *attributes, bool leads_session) {
  const short leading = leads_session ? POSIX_SPAWN_SETSID : POSIX_SPAWN_SETPGROUP;
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  int error = posix_spawnattr_setsigmask(attributes, &none);
  if (!error) error = posix_spawnattr_setsigdefault(attributes, &all);
  if (!error) error = posix_spawnattr_setpgroup(attributes, 0);
  if (!error)
    error = posix_spawnattr_setflags(
        attributes, leading | closing | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  return error;
}

int CChildProcess_spawn(const CChildProcess_Start *start, pid_t *identifier) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int error = posix_spawn_file_actions_init(&actions);
  if (error) return error;
  error = posix_spawnattr_init(&attributes);
  if (error) {
    posix_spawn_file_actions_destroy(&actions);
    return error;
  }
  error = prepare_files(&actions, start);
  if (!error) error = prepare_process(&attributes, start->leads_session);
  // A program that was just written may still be open for writing in a child that another thread has
  // started and that has not come to its own program yet: a matter of milliseconds.
  const struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};
  for (int attempt = 0; !error; attempt++) {
    error = posix_spawn(identifier, start->executable, &actions, &attributes, start->arguments,
                        start->environment);
    if (error != ETXTBSY || attempt == 50) break;
    nanosleep(&pause, NULL);
    error = 0;
  }
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}
