import CChildProcess
import Foundation
import Synchronization

/// Runs a program to its end in a process group of its own, within limits of time and output.
///
/// The program gets an argument array (no shell), an empty standard input, and files for what it
/// prints. When it has ended, or was ended, so has everything that it started in its group.
struct ChildProcess {
  /// The program's path.
  let executable: String
  /// Its arguments, the name it is called by first.
  let arguments: [String]
  /// The whole environment.
  let environment: [String: String]
  /// The working folder.
  let folder: String
  /// Where standard output and standard error go.
  let standardOutput: String, standardError: String
  /// Seconds after which the program is killed.
  let timeoutSeconds: Double
  /// Files that together may not grow beyond ``outputLimit`` bytes.
  let limitedFiles: [String]
  /// The most bytes in ``limitedFiles``, checked some times a second.
  let outputLimit: Int

  /// How a program ended.
  enum Ending: Equatable {
    case exited(code: Int32)
    case killed(signal: Int32)
    case tookTooLong
    case wroteTooMuch
  }

  /// A program that has ended.
  struct Outcome {
    /// How it ended.
    let ending: Ending
    /// From just before its start to its end; processor time includes children it waited for.
    let duration: CallDuration
  }

  /// Why a program did not start: the system's error number.
  struct SpawnError: Error {
    let number: Int32
  }

  /// Starts the program and waits for its end.
  func run() throws(SpawnError) -> Outcome {
    let start = ContinuousClock.now
    let child = RunningChild(identifier: try spawn())
    let watch = Watch(of: child, self)
    child.waitUntilExit()
    let wallSeconds = start.duration(to: .now) / .seconds(1)
    let (status, processorSeconds) = child.reap()
    let verdict = watch.end()
    // The low seven bits are the signal, the next byte the exit code (wait(2)).
    let ending: Ending =
      status & 0x7F == 0 ? .exited(code: status >> 8 & 0xFF) : .killed(signal: status & 0x7F)
    return Outcome(
      ending: verdict ?? ending,
      duration: CallDuration(wallSeconds: wallSeconds, processorSeconds: processorSeconds))
  }

  private func spawn() throws(SpawnError) -> pid_t {
    var identifier: pid_t = 0
    let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let number = unsafe withCStrings([executable, folder, standardOutput, standardError]) { paths in
      unsafe withCStrings(arguments) { arguments in
        unsafe withCStrings(variables) { variables in
          var start = unsafe CChildProcess_Start(
            executable: paths[0], arguments: arguments.baseAddress,
            environment: variables.baseAddress, folder: paths[1], standard_output: paths[2],
            standard_error: paths[3])
          return unsafe CChildProcess_spawn(&start, &identifier)
        }
      }
    }
    guard number == 0 else { throw SpawnError(number: number) }
    return identifier
  }

  /// Lends texts as a C array of C strings that ends with a null pointer.
  private func withCStrings<Result>(
    _ texts: [String], _ body: (UnsafeBufferPointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    let copies = unsafe texts.map { unsafe strdup($0) } + [nil]
    defer { unsafe copies.forEach { unsafe free($0) } }
    return unsafe copies.withUnsafeBufferPointer { unsafe body($0) }
  }
}

/// A process that was started and not yet reaped, so that its number is surely its own.
private final class RunningChild: Sendable {
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
  /// - Returns: the status as wait(2) defines it and the seconds of processor time.
  func reap() -> (status: Int32, processorSeconds: Double) {
    isReaped.withLock { isReaped in
      _ = killGroup()
      var status: Int32 = 0
      var usage = rusage()
      while unsafe wait4(identifier, &status, 0, &usage) < 0, errno == EINTR {}
      isReaped = true
      return (status, seconds(usage.ru_utime) + seconds(usage.ru_stime))
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

/// Looks at a process some times a second and kills it when it goes beyond its limits.
private struct Watch {
  /// What the process was killed for.
  private final class Verdict: Sendable {
    let ending = Mutex<ChildProcess.Ending?>(nil)
  }

  private let verdict = Verdict()
  private let timer = DispatchSource.makeTimerSource(queue: .global())

  init(of child: RunningChild, _ process: ChildProcess) {
    let deadline = ContinuousClock.now + .seconds(process.timeoutSeconds)
    timer.setEventHandler { [verdict] in
      let size = process.limitedFiles.compactMap(ScratchFolder.size(ofFile:)).reduce(0, +)
      let problem: ChildProcess.Ending? =
        size > process.outputLimit ? .wroteTooMuch : .now >= deadline ? .tookTooLong : nil
      guard let problem else { return }
      verdict.ending.withLock { $0 = $0 ?? problem }
      child.kill()
    }
    timer.schedule(deadline: .now() + Self.interval, repeating: Self.interval)
    timer.resume()
  }

  /// Stops looking.
  ///
  /// - Returns: what the process was killed for, or `nil`.
  func end() -> ChildProcess.Ending? {
    timer.cancel()
    return verdict.ending.withLock { $0 }
  }

  private static let interval = 0.025
}
