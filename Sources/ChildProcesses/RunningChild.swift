import Foundation
import Synchronization

/// A process that was started and not yet reaped, so that its number is surely its own.
final class RunningChild: Sendable {
  private let identifier: pid_t
  private let isReaped = Mutex(false)

  init(identifier: pid_t) {
    self.identifier = identifier
  }

  /// Blocks until the process has ended; it stays a zombie, which keeps its number.
  func waitUntilExit() {
    var information = unsafe siginfo_t()
    while unsafe waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) != 0,
      errno == EINTR
    {}
  }

  /// Kills the process and all of its group, unless it is reaped.
  func kill() {
    isReaped.withLock { isReaped in
      if !isReaped { _ = killGroup() }
    }
  }

  /// Ends what is left of the group and frees the number.
  ///
  /// - Returns: how it ended and the seconds of processor time.
  func reap() -> (end: ProcessEnd, processorSeconds: Double) {
    isReaped.withLock { isReaped in
      _ = killGroup()
      var status: Int32 = 0
      var usage = rusage()
      while unsafe wait4(identifier, &status, 0, &usage) < 0, errno == EINTR {}
      isReaped = true
      return (ProcessEnd(status: status), seconds(usage.ru_utime) + seconds(usage.ru_stime))
    }
  }

  private func killGroup() -> Int32 {
    #if canImport(Darwin)
      Darwin.killpg(identifier, SIGKILL)
    #else
      Glibc.killpg(identifier, SIGKILL)
    #endif
  }

  private func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) / 1e6
  }
}
