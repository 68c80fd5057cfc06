import Analysis
import Datasets
import Foundation
import Synchronization

/// Shows a download on one line of the terminal.
final class DownloadLine: Sendable {
  private let lastShown = Mutex(Date.distantPast)

  /// Takes the news of a download; shows them at most ten times a second, and only on a terminal.
  var handler: DatasetProgress.Handler {
    { [self] progress in
      guard Console.showsProgress else { return }
      let isLast = progress.completedBytes == progress.totalBytes
      let isDue = lastShown.withLock { shown in
        guard isLast || Date().timeIntervalSince(shown) >= 0.1 else { return false }
        shown = Date()
        return true
      }
      guard isDue else { return }
      let done = fixed(Double(progress.completedBytes) / 1e6, 1)
      let total = progress.totalBytes.map { " of \(fixed(Double($0) / 1e6, 1))" } ?? ""
      Console.writeError(
        "\r\u{1B}[K\(progress.file)  \(done)\(total) MB\(isLast ? "\r\u{1B}[K" : "")")
    }
  }
}
