import Files
import Foundation
import Synchronization

/// Looks at a process some times a second and kills it when it goes beyond its limits.
struct ChildWatch {
  /// What the process was killed for.
  private final class Verdict: Sendable {
    let ending = Mutex<ChildProcess.Ending?>(nil)
  }

  private let verdict = Verdict()
  private let timer = DispatchSource.makeTimerSource(queue: .global())

  init(of child: RunningChild, _ process: ChildProcess) {
    let deadline = ContinuousClock.now + .seconds(process.timeoutSeconds)
    timer.setEventHandler { [verdict] in
      let size = process.limitedFiles.compactMap(PlainFile.size).reduce(0, +)
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
