import Foundation

/// A child process that leads a session of its own and has one end of a socket as its standard input.
///
/// What it prints goes to our standard error. Whoever lets go of the value ends the process, and with
/// it the whole session.
package final class SessionProcess {
  /// The process's id, its own until it has been waited for.
  package let id: pid_t
  private var end: ProcessEnd?

  private init(id: pid_t) {
    self.id = id
  }

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - executable: the program's path.
  ///   - arguments: its arguments, the name it is called by first.
  ///   - environment: the whole environment.
  /// - Returns: the process, and our end of the socket for the caller to close.
  /// - Throws: ``SpawnError`` with the system's reason.
  package static func start(
    executable: String, arguments: [String], environment: [String: String]
  ) throws(SpawnError) -> (process: SessionProcess, socket: Int32) {
    let sockets = try socketPair()
    defer { close(sockets.theirs) }
    // A session of its own: Ctrl-C at the terminal is for us alone, and the process can be killed
    // with every other that it has started.
    let start = ProcessStart(
      executable: executable, arguments: arguments, environment: environment,
      standardInput: sockets.theirs, leadership: .session)
    do throws(SpawnError) {
      return (SessionProcess(id: try start.spawn()), sockets.ours)
    } catch {
      close(sockets.ours)
      throw error
    }
  }

  deinit { kill() }

  /// Kills the process with its session, if it has not ended yet, and waits for its end.
  @discardableResult
  package func kill() -> ProcessEnd {
    if let end { return end }
    ProcessSession.kill(ledBy: id)
    return reap()
  }

  /// Gives a process that has closed its socket a second to end of itself, then kills it.
  ///
  /// - Returns: how it ended, or `nil` when it had to be killed.
  package func endAfterClosing() -> ProcessEnd? {
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
    var information = unsafe siginfo_t()
    let code = unsafe waitid(P_PID, id_t(id), &information, WEXITED | WNOHANG | WNOWAIT)
    return unsafe code == 0 && information.si_signo == SIGCHLD
  }

  private func reap() -> ProcessEnd {
    var status: Int32 = 0
    while unsafe waitpid(id, &status, 0) < 0, errno == EINTR {}
    let end = ProcessEnd(status: status)
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
    guard unsafe socketpair(AF_UNIX, kind, 0, &sockets) == 0 else {
      throw SpawnError(number: errno)
    }
    #if !os(Linux)
      var yes: Int32 = 1
      for socket in sockets {
        _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
        unsafe setsockopt(
          socket, SOL_SOCKET, SO_NOSIGPIPE, &yes, socklen_t(MemoryLayout<Int32>.size))
      }
    #endif
    return (sockets[0], sockets[1])
  }
}
