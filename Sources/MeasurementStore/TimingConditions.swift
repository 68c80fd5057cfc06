import Foundation
import Results

/// Under which conditions a codec was timed: seconds are only re-used under the same ones.
public struct TimingConditions: Sendable, Equatable {
  /// The machine.
  let machine: MachineInformation
  /// `debug` or `release`.
  let buildConfiguration: String
  /// How often each call was timed after a warm-up; 0 for one measurement without.
  let timingRepeats: Int
  /// How many images were measured side by side.
  let jobs: Int

  /// The conditions of a run on this machine.
  ///
  /// - Parameters:
  ///   - timingRepeats: how often each call is timed after a warm-up; 0 for one measurement without.
  ///   - jobs: how many images are measured side by side.
  public init(timingRepeats: Int, jobs: Int) {
    machine = .current
    buildConfiguration = BuildInformation.current.configuration ?? "unknown"
    self.timingRepeats = timingRepeats
    self.jobs = jobs
  }

  /// The conditions in one line, as the store keeps them.
  ///
  /// - Parameter threadCount: the number of threads that one call of the codec uses.
  package func text(threadCount: Int) -> String {
    let fields = [
      "processor=\(machine.processor ?? "unknown")", "architecture=\(machine.architecture)",
      "instructions=\(machine.instructionSets.joined(separator: ","))",
      "processors=\(machine.processorCount)", "system=\(machine.operatingSystem)",
      "build=\(buildConfiguration)", "repeats=\(timingRepeats)", "threads=\(threadCount)",
      "jobs=\(jobs)",
    ]
    return fields.joined(separator: ";")
  }
}
