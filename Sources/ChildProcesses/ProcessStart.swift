import CChildProcess
import Foundation

/// What a program is started with.
///
/// Every program that rdbench starts, starts here.
struct ProcessStart {
  /// What the process leads, and with it all that it starts.
  enum Leadership {
    /// A process group.
    case group
    /// A session, and in it a process group.
    case session
  }

  /// The program's path.
  let executable: String
  /// Its arguments, the name it is called by first.
  let arguments: [String]
  /// The whole environment.
  let environment: [String: String]
  /// The working folder, `nil` for ours.
  var folder: String?
  /// The descriptor of standard input, `nil` for an empty one.
  var standardInput: Int32?
  /// The files that standard output and standard error go to, `nil` for our standard error.
  var standardOutput: String?, standardError: String?
  /// What the process leads.
  let leadership: Leadership

  /// Starts the program.
  ///
  /// - Returns: its process id.
  func spawn() throws(SpawnError) -> pid_t {
    var identifier: pid_t = 0
    let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let paths = [executable, folder, standardOutput, standardError]
    let number = unsafe withCStrings(paths) { paths in
      unsafe withCStrings(arguments) { arguments in
        unsafe withCStrings(variables) { variables in
          var start = unsafe CChildProcess_Start(
            executable: paths[0], arguments: arguments.baseAddress,
            environment: variables.baseAddress, folder: paths[1],
            standard_input: standardInput ?? -1, standard_output: paths[2],
            standard_error: paths[3], leads_session: leadership == .session)
          return unsafe CChildProcess_spawn(&start, &identifier)
        }
      }
    }
    guard number == 0 else { throw SpawnError(number: number) }
    return identifier
  }

  /// Lends texts as a C array of C strings, null for `nil`, that ends with a null pointer.
  private func withCStrings<Result>(
    _ texts: [String?], _ body: (UnsafeBufferPointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    let copies = unsafe texts.map { unsafe $0.flatMap { unsafe strdup($0) } } + [nil]
    defer { unsafe copies.forEach { unsafe free($0) } }
    return unsafe copies.withUnsafeBufferPointer { unsafe body($0) }
  }
}

/// Why a program did not start.
package struct SpawnError: Error, Equatable {
  /// The system's error number.
  package let number: Int32

  /// The system's words for it.
  package var message: String { unsafe String(cString: strerror(number)) }
}

/// How a process ended.
package enum ProcessEnd: Equatable, Sendable {
  /// It returned or called `exit`.
  case exited(code: Int32)
  /// A signal killed it.
  case killed(signal: Int32)

  /// Reads a status as wait(2) defines it.
  ///
  /// The low seven bits are the signal, the next byte the exit code; POSIX names these as macros,
  /// which Swift does not see.
  init(status: Int32) {
    let signal = status & 0x7F
    self = signal == 0 ? .exited(code: status >> 8 & 0xFF) : .killed(signal: signal)
  }
}
