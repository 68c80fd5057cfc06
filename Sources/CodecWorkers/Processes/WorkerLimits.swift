import ChildProcesses
import Foundation

/// What a worker sees to itself: it ends when the run has ended, and when it takes too much memory.
///
/// A thread looks at both. The socket's end comes with the run's end, even when the run was killed.
/// Memory is the peak of what is resident: it is looked at every 5 ms and after each call, so no
/// peak goes unseen. Memory that is asked for and never touched does not count, and neither does
/// that of programs which the codec starts.
struct WorkerLimits {
  /// The exit code of a worker that has taken too much memory.
  static let memoryExitCode: Int32 = 86
  /// The exit code of a worker that has a limit and cannot see how much memory it takes.
  static let unknownMemoryExitCode: Int32 = 87

  /// The most resident memory in bytes, or `nil` for any amount.
  let residentBytes: Int?

  init(_ limits: Isolation.Limits) {
    residentBytes = limits.residentBytes
  }

  /// Reads what ``arguments`` wrote.
  init(residentBytes: Int?) {
    self.residentBytes = residentBytes
  }

  /// The limits as arguments of the worker's command line.
  var arguments: [String] {
    residentBytes.map { ["--memory-limit", "\($0)"] } ?? []
  }

  /// Starts to watch, to the end of the process.
  ///
  /// - Parameter descriptor: the socket that ends with the run.
  func watch(_ descriptor: Int32) {
    var noCoreFile = rlimit(rlim_cur: 0, rlim_max: 0)
    #if os(Linux)
      unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &noCoreFile)
      // When the machine's memory runs out, the system takes the worker and not the run.
      try? Data("1000".utf8).write(to: URL(filePath: "/proc/self/oom_score_adj"))
    #else
      unsafe setrlimit(RLIMIT_CORE, &noCoreFile)
    #endif
    let thread = Thread {
      while true {
        var poller = pollfd(fd: descriptor, events: 0, revents: 0)
        if unsafe poll(&poller, 1, residentBytes == nil ? -1 : 5) > 0 { Self.endSession() }
        check()
      }
    }
    thread.stackSize = 1 << 20
    thread.start()
  }

  /// Ends the process if it has taken too much memory, or if nobody can tell.
  func check() {
    guard let residentBytes else { return }
    guard let peak = Self.peakResidentBytes(statusFile: "/proc/self/status") else {
      _exit(Self.unknownMemoryExitCode)
    }
    if peak > residentBytes { _exit(Self.memoryExitCode) }
  }

  /// Ends this process and all that its codecs have started.
  private static func endSession() -> Never {
    if getsid(0) == getpid() { ProcessSession.kill(ledBy: getpid()) }
    _exit(1)
  }

  /// The most memory that this process has had resident so far, in bytes.
  ///
  /// - Parameter statusFile: where Linux says so.
  /// - Returns: `nil` when the system does not say.
  static func peakResidentBytes(statusFile: String) -> Int? {
    #if os(Linux)
      // The peak that getrusage tells begins with that of the process which started this one.
      guard let status = try? String(contentsOfFile: statusFile, encoding: .utf8) else {
        return nil
      }
      for line in status.split(separator: "\n") where line.hasPrefix("VmHWM:") {
        let kibibytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
        return kibibytes.flatMap { Int($0) }.map { $0 << 10 }
      }
      return nil
    #else
      var usage = rusage()
      unsafe getrusage(RUSAGE_SELF, &usage)
      return Int(usage.ru_maxrss)
    #endif
  }
}
