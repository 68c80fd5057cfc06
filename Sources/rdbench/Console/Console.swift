import Analysis
import Benchmarking
import Foundation
import Results

/// The terminal: results go to standard output, everything else to standard error.
enum Console {
  /// Whether standard error is a terminal, the only place for progress.
  static let showsProgress = isatty(STDERR_FILENO) == 1

  /// Says in one sentence what went wrong.
  static func error(_ message: String) {
    writeError("rdbench: \(message)\n")
  }

  /// Says something that the user should know although the command goes on.
  static func note(_ message: String) {
    writeError("rdbench: note: \(message)\n")
  }

  /// Writes a long text to standard output.
  ///
  /// What fills the buffer of `print` is lost without a word where it cannot be written.
  ///
  /// - Throws: `CommandFailure` where it cannot be written, as to a full disk.
  static func output(_ text: String) throws(CommandFailure) {
    try flush()
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    } catch {
      throw CommandFailure("the output cannot be written; is the disk full?")
    }
  }

  /// Writes out what was printed and is still held back.
  ///
  /// - Throws: `CommandFailure` where it cannot be written, as to a full disk.
  static func flush() throws(CommandFailure) {
    // All streams: the global `stdout` is a variable in C, so Swift 6 does not let it be named.
    guard fflush(nil) == 0 else {
      throw CommandFailure("the output cannot be written; is the disk full?")
    }
  }

  /// Writes bare text to standard error; where that is closed or full, there is nobody to tell.
  static func writeError(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}

/// A failure that ends a command with exit code 2: one sentence without a full stop.
struct CommandFailure: SentenceError {
  let message: String

  init(_ message: String) {
    self.message = message
  }
}

/// An error whose message is one sentence for the user, without a full stop.
protocol SentenceError: Error {
  /// What went wrong and what to do.
  var message: String { get }
}

extension AnalysisError: SentenceError {}
extension ResultsError: SentenceError {}
extension RunSessionError: SentenceError {}

/// Makes an error of a library one that ends the command.
func failing<Failure: SentenceError, Result>(
  _ work: () throws(Failure) -> Result
) throws(CommandFailure) -> Result {
  do throws(Failure) {
    return try work()
  } catch {
    throw CommandFailure(error.message)
  }
}
