import Results

/// The machines of two runs: what may be compared between them.
struct MachinePair: Sendable {
  /// Why bytes of a codec that is not portable cannot be compared, or `nil` where they can.
  let instructionSetObstacle: String?
  /// Why times cannot be compared, or `nil` where they can.
  let timeObstacle: String?

  init(_ baseline: RecordedRun, _ new: RecordedRun) {
    switch (baseline.metadata, new.metadata) {
    case (.unknown(let reason), _), (_, .unknown(let reason)):
      instructionSetObstacle = reason
      timeObstacle = reason
    case (.known(let old), .known(let new)):
      let hasSameInstructions =
        old.machine.architecture == new.machine.architecture
        && old.machine.instructionSets == new.machine.instructionSets
      instructionSetObstacle =
        hasSameInstructions
        ? nil : "the runs were made on processors with different instruction sets"
      timeObstacle =
        hasSameInstructions
        ? Self.timeObstacle(old, new) : "the runs were made on different machines"
    }
  }

  private static func timeObstacle(_ old: RunMetadata, _ new: RunMetadata) -> String? {
    guard let processor = old.machine.processor, new.machine.processor != nil else {
      return "a meta file does not name the processor"
    }
    if processor != new.machine.processor
      || old.machine.processorCount != new.machine.processorCount
    {
      return "the runs were made on different machines"
    }
    if old.build.configuration != new.build.configuration {
      return "one of the runs was made with a debug build"
    }
    if old.jobs != new.jobs {
      return "the runs measured \(old.jobs) and \(new.jobs) images side by side"
    }
    for metadata in [old, new] {
      if let reuse = metadata.reuse, reuse.reusedRows + reuse.rescoredRows > 0 {
        return "a run took measurements from the store, with the times of an earlier run"
      }
    }
    return nil
  }
}
