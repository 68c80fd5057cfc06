import Codecs
import Foundation

/// Which codecs of a run work in processes of their own, and what those processes may use up.
///
/// A codec that crashes, hangs or takes too much memory then costs one failure row. Each job of a
/// run has one worker process, which is kept for many calls and started again after a failure.
public struct Isolation: Sendable {
  /// Which codecs work in worker processes.
  public enum Scope: Sendable, Equatable {
    /// Those that others maintain (`CodecDescriptor.Origin.foreignLibrary`), and those with threads
    /// of their own, whose processor time only a process with nothing else to do can tell.
    case byDefault
    /// All of them.
    case allCodecs
    /// None: every call is made in this process, and no limit holds.
    case noCodec
  }

  /// What one worker process may use up.
  public struct Limits: Sendable, Equatable {
    /// The longest wall-clock time of one call, in seconds.
    public var callSeconds: Double
    /// The most resident memory of the process in bytes, program and pictures included; `nil` for
    /// any amount.
    public var residentBytes: Int?

    /// Sets limits.
    ///
    /// - Parameters:
    ///   - callSeconds: the longest time of one call; ten minutes unless told otherwise.
    ///   - residentBytes: the most resident memory, or `nil` for any amount.
    public init(callSeconds: Double = 600, residentBytes: Int? = nil) {
      precondition(callSeconds > 0 && residentBytes ?? 1 > 0)
      self.callSeconds = callSeconds
      self.residentBytes = residentBytes
    }
  }

  /// Which codecs work in worker processes.
  public let scope: Scope
  /// How a worker process is started.
  public let launch: WorkerLaunch
  /// What it may use up.
  public let limits: Limits

  /// Describes where codecs work.
  public init(scope: Scope, launch: WorkerLaunch, limits: Limits = Limits()) {
    self.scope = scope
    self.launch = launch
    self.limits = limits
  }

  /// Every call in this process.
  public static let none = Isolation(scope: .noCodec, launch: WorkerLaunch(executable: ""))

  /// Whether a codec works in a worker process.
  ///
  /// One of outside programs does not: these are processes of their own, with limits that the codec
  /// sets.
  public func includes(_ codec: any Codec) -> Bool {
    let descriptor = codec.descriptor
    guard descriptor.origin != .outsidePrograms else { return false }
    return switch scope {
    case .byDefault: descriptor.origin == .foreignLibrary || !descriptor.worksOnCallingThread
    case .allCodecs: true
    case .noCodec: false
    }
  }

  /// What of this decides rows, as `RunIdentity` wants it: the limits, where there are any.
  public var settings: [String] {
    guard scope != .noCodec else { return [] }
    return [
      "isolation \(scope)", "call limit \(limits.callSeconds) s",
      "memory limit \(limits.residentBytes.map(String.init) ?? "none")",
    ]
  }

  /// A place for the codecs of one job.
  ///
  /// - Parameter isAlone: whether there is no other job.
  package func makeHost(isAlone: Bool) -> any CodecHost {
    let here = InProcessHost(isAlone: isAlone)
    return scope == .noCodec ? here : IsolatingHost(isolation: self, here: here)
  }
}

/// The program and the arguments that make a worker process.
public struct WorkerLaunch: Sendable, Equatable {
  /// The program's path.
  public let executable: String
  /// Its arguments, without the program's name.
  public let arguments: [String]

  /// Names a program and its arguments.
  public init(executable: String, arguments: [String] = []) {
    self.executable = executable
    self.arguments = arguments
  }

  /// Starts this program again with other arguments.
  ///
  /// Linux names the running program itself `/proc/self/exe`, also when its file has been replaced
  /// or removed since; elsewhere the path is the one that the system started.
  public static func thisProgram(_ arguments: [String]) -> WorkerLaunch {
    let linux = "/proc/self/exe"
    let path =
      unsafe access(linux, X_OK) == 0
      ? linux : Bundle.main.executablePath ?? CommandLine.arguments.first ?? ""
    return WorkerLaunch(executable: path, arguments: arguments)
  }
}
