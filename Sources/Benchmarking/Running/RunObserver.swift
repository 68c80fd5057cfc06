import Results

/// Is told what happens during a run, for people who wait for it.
///
/// The calls come one at a time, and the run goes on when they return.
public protocol RunObserver {
  /// The measurements begin.
  ///
  /// - Parameters:
  ///   - count: how many there are in all.
  ///   - done: how many of them an earlier run has made.
  mutating func measurementsBegin(count: Int, done: Int)

  /// A measurement ended; the row is not yet one of the results where it may be chosen later.
  mutating func measured(_ row: ResultRow)

  /// Something is worth knowing: a sentence without a full stop.
  mutating func warned(_ sentence: String)

  /// The last measurement ended, or the run was stopped.
  mutating func measurementsEnded()
}
