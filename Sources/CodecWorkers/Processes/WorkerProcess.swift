import ChildProcesses
import Foundation

/// A worker: a process of its own session that is connected to us by a channel.
///
/// Whoever lets go of the value ends the process, and with it the whole session.
final class WorkerProcess {
  /// Our end of the socket; the process has the other one as its standard input.
  let channel: FrameChannel
  private let process: SessionProcess

  /// Starts a program.
  ///
  /// - Throws: `SpawnError` with the system's reason.
  init(_ launch: WorkerLaunch, arguments: [String]) throws(SpawnError) {
    var environment = ProcessInfo.processInfo.environment
    // Swift's own crash report takes seconds, and the row says what happened.
    environment["SWIFT_BACKTRACE"] = environment["SWIFT_BACKTRACE"] ?? "enable=no"
    let socket: Int32
    (process, socket) = try SessionProcess.start(
      executable: launch.executable, arguments: ["rdbench"] + launch.arguments + arguments,
      environment: environment)
    channel = FrameChannel(owning: socket)
  }

  /// The process's id, its own until it has been waited for.
  var id: pid_t { process.id }

  /// Kills the process with its session, if it has not ended yet, and waits for its end.
  func kill() { process.kill() }

  /// Gives a process that has closed its socket a second to end of itself, then kills it.
  ///
  /// - Returns: how it ended, or `nil` when it had to be killed.
  func endAfterClosing() -> ProcessEnd? { process.endAfterClosing() }
}
