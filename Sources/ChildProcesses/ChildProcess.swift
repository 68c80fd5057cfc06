import Foundation

/// Runs a program to its end in a process group of its own, within limits of time and output.
///
/// The program gets an argument array (no shell), an empty standard input, and files for what it
/// prints. When it has ended, or was ended, so has everything that it started in its group.
package struct ChildProcess {
  /// The program's path.
  package let executable: String
  /// Its arguments, the name it is called by first.
  package let arguments: [String]
  /// The whole environment.
  package let environment: [String: String]
  /// The working folder.
  package let folder: String
  /// The file for standard output.
  package let standardOutput: String
  /// The file for standard error.
  package let standardError: String
  /// Seconds after which the program is killed.
  package let timeoutSeconds: Double
  /// Files that together may not grow beyond ``outputLimit`` bytes.
  package let limitedFiles: [String]
  /// The most bytes in ``limitedFiles``, checked some times a second.
  package let outputLimit: Int

  /// Describes a program and its limits.
  package init(
    executable: String, arguments: [String], environment: [String: String], folder: String,
    standardOutput: String, standardError: String, timeoutSeconds: Double, limitedFiles: [String],
    outputLimit: Int
  ) {
    self.executable = executable
    self.arguments = arguments
    self.environment = environment
    self.folder = folder
    self.standardOutput = standardOutput
    self.standardError = standardError
    self.timeoutSeconds = timeoutSeconds
    self.limitedFiles = limitedFiles
    self.outputLimit = outputLimit
  }

  /// How a program ended.
  package enum Ending: Equatable {
    /// By itself or by a signal that was not ours.
    case ended(ProcessEnd)
    /// It was killed after ``timeoutSeconds``.
    case tookTooLong
    /// It was killed for writing more than ``outputLimit`` bytes.
    case wroteTooMuch
  }

  /// A program that has ended.
  package struct Outcome {
    /// How it ended.
    package let ending: Ending
    /// Seconds of the wall clock from just before its start to its end.
    package let wallSeconds: Double
    /// Seconds of processor time, with that of the children that it waited for.
    package let processorSeconds: Double
  }

  /// Starts the program and waits for its end.
  package func run() throws(SpawnError) -> Outcome {
    let start = ContinuousClock.now
    let process = ProcessStart(
      executable: executable, arguments: arguments, environment: environment, folder: folder,
      standardOutput: standardOutput, standardError: standardError, leadership: .group)
    let child = RunningChild(identifier: try process.spawn())
    let watch = ChildWatch(of: child, self)
    child.waitUntilExit()
    let wallSeconds = start.duration(to: .now) / .seconds(1)
    let (end, processorSeconds) = child.reap()
    return Outcome(
      ending: watch.end() ?? .ended(end), wallSeconds: wallSeconds,
      processorSeconds: processorSeconds)
  }
}
