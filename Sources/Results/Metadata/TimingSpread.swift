/// How far the repeated times of a curve's calls lie apart, relative to their medians.
///
/// Each call that was timed several times has a median and a median absolute deviation (MAD); what
/// counts here is MAD ÷ median, 0.02 for a call that mostly stays within 2 % of its median.
public struct TimingSpread: Sendable, Equatable, Codable {
  /// The number of calls that were timed repeatedly.
  public private(set) var calls = 0
  /// The mean over those calls, 0 when there are none.
  public private(set) var mean = 0.0
  /// The largest of them.
  public private(set) var largest = 0.0

  /// A spread of no calls.
  public init() {}

  /// The spread of all calls of several parts.
  package init(merging parts: [TimingSpread]) {
    for part in parts where part.calls > 0 {
      calls += part.calls
      mean += (part.mean - mean) * Double(part.calls) / Double(calls)
      largest = max(largest, part.largest)
    }
  }

  /// Adds a call, if it was timed repeatedly.
  ///
  /// - Parameters:
  ///   - deviation: its median absolute deviation in seconds.
  ///   - median: its median in seconds.
  package mutating func add(_ deviation: Double?, of median: Double?) {
    guard let deviation, let median, median > 0 else { return }
    let relative = deviation / median
    calls += 1
    mean += (relative - mean) / Double(calls)
    largest = max(largest, relative)
  }
}
