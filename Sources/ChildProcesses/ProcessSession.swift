import Foundation

/// The processes of a session: a worker, which leads it, and all that its codecs have started.
///
/// A process group would not do: Foundation gives each program that it starts a group of its own,
/// but none leaves the session.
package enum ProcessSession {
  /// Kills every process of a session, its leader last.
  ///
  /// - Parameter leader: the process that leads the session and has not been waited for, so that
  ///   its id cannot be another's.
  package static func kill(ledBy leader: pid_t) {
    // One that was being started during a look is found by the next.
    for _ in 0..<10 {
      let members = allProcesses.filter { $0 != leader && getsid($0) == leader }
      for member in members { Foundation.kill(member, SIGKILL) }
      if members.isEmpty { break }
      usleep(1000)
    }
    Foundation.kill(leader, SIGKILL)
  }

  private static var allProcesses: [pid_t] {
    #if os(Linux)
      let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
      return names.compactMap { pid_t($0) }
    #else
      var ids = [pid_t](repeating: 0, count: 1 << 16)
      let count = unsafe proc_listallpids(&ids, Int32(ids.count * MemoryLayout<pid_t>.size))
      return ids.prefix(Int(max(count, 0))).filter { $0 > 0 }
    #endif
  }
}
