import Foundation

/// Wall-clock and processor time of a piece of work on the calling thread.
///
/// Processor time is the calling thread's own, so it counts a codec that works on the thread it is
/// called on; codecs are single-threaded unless their parameters say otherwise.
struct Stopwatch {
  /// Seconds by two clocks.
  struct Reading: Sendable, Codable, Equatable {
    /// Seconds of the monotonic clock.
    var wall: Double
    /// Seconds in which the thread ran, or all threads of the process.
    var cpu: Double
  }

  private let processorClock: clockid_t
  private let wallStart = Self.nanoseconds(of: CLOCK_MONOTONIC)
  private let cpuStart: Int

  /// Starts to measure.
  ///
  /// - Parameter countsWholeProcess: whether the processor time of all threads counts, which is
  ///   right where the process does nothing else.
  init(countsWholeProcess: Bool = false) {
    processorClock = countsWholeProcess ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_THREAD_CPUTIME_ID
    cpuStart = Self.nanoseconds(of: processorClock)
  }

  /// Seconds since the stopwatch was made.
  var reading: Reading {
    Reading(
      wall: Double(Self.nanoseconds(of: CLOCK_MONOTONIC) - wallStart) / 1e9,
      cpu: Double(Self.nanoseconds(of: processorClock) - cpuStart) / 1e9)
  }

  private static func nanoseconds(of clock: clockid_t) -> Int {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
  }
}

/// The median of the values' distances from their median: a spread that single outliers do not
/// change.
///
/// - Precondition: there is at least one value.
func medianAbsoluteDeviation(_ values: [Double]) -> Double {
  let middle = median(values)
  return median(values.map { abs($0 - middle) })
}

/// The middle of the values; the mean of the two middle ones when their number is even.
///
/// - Precondition: there is at least one value.
func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
}
