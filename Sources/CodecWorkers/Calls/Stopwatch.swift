import Foundation

/// Wall-clock and processor time of a piece of work on the calling thread.
///
/// Processor time means one thing everywhere: the seconds in which any thread worked on the call. Where
/// no clock can tell it, there is none.
package struct Stopwatch {
  /// What a processor clock counts.
  package enum ProcessorClock {
    /// The thread that reads the clock.
    case thread
    /// All threads of the process.
    case process
  }

  /// Seconds by two clocks.
  package struct Reading: Sendable, Codable, Equatable {
    /// Seconds of the monotonic clock.
    package var wall: Double
    /// Seconds of processor time, or `nil` where no clock can tell it.
    package var cpu: Double?
  }

  private let processorClock: clockid_t?
  private let wallStart = Self.nanoseconds(of: CLOCK_MONOTONIC)
  private let cpuStart: Int?

  /// Starts to measure.
  ///
  /// - Parameter clock: what counts as processor time, or `nil` to count none.
  package init(_ clock: ProcessorClock? = nil) {
    processorClock = clock.map {
      $0 == .process ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_THREAD_CPUTIME_ID
    }
    cpuStart = processorClock.map(Self.nanoseconds)
  }

  /// Seconds since the stopwatch was made.
  package var reading: Reading {
    var cpu: Double?
    if let processorClock, let cpuStart {
      cpu = Double(Self.nanoseconds(of: processorClock) - cpuStart) / 1e9
    }
    return Reading(
      wall: Double(Self.nanoseconds(of: CLOCK_MONOTONIC) - wallStart) / 1e9, cpu: cpu)
  }

  private static func nanoseconds(of clock: clockid_t) -> Int {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
  }
}
