import Foundation

/// A child process that leads a session of its own and is connected to us by a socket.
///
/// Whoever lets go of the value ends the process, and with it the whole session.
final class WorkerProcess {
  /// How a process ended.
  enum End: Equatable {
    /// It returned or called `exit`.
    case exited(code: Int32)
    /// A signal killed it.
    case killed(signal: Int32)
  }

  /// Our end of the socket; the process has the other one as its standard input.
  let channel: FrameChannel
  /// The process's id, its own until it has been waited for.
  let id: pid_t
  private var end: End?

  /// Starts a program.
  ///
  /// - Throws: ``SpawnError`` with the system's reason.
  init(_ launch: WorkerLaunch, arguments: [String]) throws(SpawnError) {
    let sockets = try Self.socketPair()
    channel = FrameChannel(owning: sockets.ours)
    defer { close(sockets.theirs) }

    #if os(Linux)
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
      let closing: Int32 = 0
    #else
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
      let closing = POSIX_SPAWN_CLOEXEC_DEFAULT
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, sockets.theirs, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDERR_FILENO)

    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A session of its own: Ctrl-C at the terminal is for us alone, and the worker can be killed
    // with every process that its codec has started.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGINT, SIGTERM, SIGPIPE, SIGHUP] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    let flags =
      ProcessSession.spawnFlag | Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)
    posix_spawnattr_setflags(&attributes, Int16(flags | Int32(closing)))

    var environment = ProcessInfo.processInfo.environment
    // Swift's own crash report takes seconds, and the row says what happened.
    environment["SWIFT_BACKTRACE"] = environment["SWIFT_BACKTRACE"] ?? "enable=no"
    var id: pid_t = 0
    let code = Self.withCStrings(["rdbench"] + launch.arguments + arguments) { arguments in
      Self.withCStrings(environment.map { "\($0.key)=\($0.value)" }) { environment in
        posix_spawn(&id, launch.executable, &actions, &attributes, arguments, environment)
      }
    }
    guard code == 0 else { throw SpawnError(code: code) }
    self.id = id
  }

  deinit { kill() }

  /// Kills the process with its session, if it has not ended yet, and waits for its end.
  @discardableResult
  func kill() -> End {
    if let end { return end }
    ProcessSession.kill(ledBy: id)
    return reap()
  }

  /// Gives a process that has closed its socket a second to end of itself, then kills it.
  ///
  /// - Returns: how it ended, or `nil` when it had to be killed.
  func endAfterClosing() -> End? {
    let deadline = ContinuousClock.now + .seconds(1)
    while ContinuousClock.now < deadline {
      if hasEnded {
        // What it has started may still be there.
        ProcessSession.kill(ledBy: id)
        return reap()
      }
      usleep(500)
    }
    kill()
    return nil
  }

  /// Whether the process has ended, without giving its id back to the system.
  private var hasEnded: Bool {
    var information = siginfo_t()
    let code = waitid(P_PID, id_t(id), &information, WEXITED | WNOHANG | WNOWAIT)
    return code == 0 && information.si_signo == SIGCHLD
  }

  private func reap() -> End {
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0, errno == EINTR {}
    // POSIX names these as macros, which Swift does not see.
    let signal = status & 0x7F
    let end = signal == 0 ? End.exited(code: status >> 8 & 0xFF) : .killed(signal: signal)
    self.end = end
    return end
  }

  private static func socketPair() throws(SpawnError) -> (ours: Int32, theirs: Int32) {
    var sockets: [Int32] = [-1, -1]
    #if os(Linux)
      let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    guard socketpair(AF_UNIX, kind, 0, &sockets) == 0 else { throw SpawnError(code: errno) }
    #if !os(Linux)
      var yes: Int32 = 1
      for socket in sockets {
        _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
        setsockopt(socket, SOL_SOCKET, SO_NOSIGPIPE, &yes, socklen_t(MemoryLayout<Int32>.size))
      }
    #endif
    return (sockets[0], sockets[1])
  }

  /// Lends strings as the null-terminated array that C wants.
  private static func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let pointers = strings.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers + [nil])
  }
}

/// Why a process could not be started.
struct SpawnError: Error {
  /// The system's error number.
  let code: Int32

  /// The system's words for it.
  var message: String { String(cString: strerror(code)) }
}
