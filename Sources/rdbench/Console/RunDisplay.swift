import Benchmarking
import Results

/// Shows a run on the terminal: a line of progress while it measures, notes at any time.
struct RunDisplay: RunObserver {
  private var progress: ProgressLine?

  mutating func measurementsBegin(count: Int, done: Int) {
    progress = ProgressLine(total: count, done: done)
  }

  mutating func measured(_ row: ResultRow) {
    progress?.step("\(row.subject.image) \(row.subject.codec)")
  }

  mutating func warned(_ sentence: String) {
    progress?.clear()
    Console.note(sentence)
  }

  mutating func measurementsEnded() {
    progress?.clear()
    progress = nil
  }
}
