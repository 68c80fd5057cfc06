import Foundation

/// One line on the terminal that is written over as work goes on.
struct ProgressLine {
  private let total: Int
  private let start = Date()
  private var lastShown = Date.distantPast
  private let doneBefore: Int
  private var done: Int

  /// Prepares a line for a known number of steps; nothing is shown unless there is a terminal.
  ///
  /// - Parameter done: how many of them were made before.
  init(total: Int, done: Int = 0) {
    self.total = total
    self.done = done
    doneBefore = done
  }

  /// Counts a step and shows the line, at most ten times a second.
  mutating func step(_ label: String) {
    done += 1
    guard Console.showsProgress, Date().timeIntervalSince(lastShown) >= 0.1 else { return }
    lastShown = Date()
    let elapsed = Date().timeIntervalSince(start)
    let left = elapsed / Double(done - doneBefore) * Double(total - done)
    let percent = 100 * done / max(total, 1)
    Console.writeError(
      "\r\u{1B}[K\(percent) %  \(done)/\(total)  \(Self.duration(left)) left  \(label)")
  }

  /// Takes the line away.
  func clear() {
    if Console.showsProgress { Console.writeError("\r\u{1B}[K") }
  }

  /// A time in words: `12 s`, `3 min 05 s`, `2 h 07 min`.
  static func duration(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(twoDigits(whole % 60)) s" }
    return "\(whole / 3600) h \(twoDigits(whole % 3600 / 60)) min"
  }
}
