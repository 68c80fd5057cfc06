import Results

/// Whether two runs wrote the same bytes, image by image and setting by setting.
public struct BitstreamVerdict: Sendable, Equatable {
  /// What is known.
  public enum Outcome: Sendable, Equatable {
    /// Every bitstream is the same.
    case same
    /// Some are not.
    case changed
    /// Some are not, or none was recorded, and that says nothing: why, without a full stop.
    case notComparable(String)
  }

  /// What is known.
  public let outcome: Outcome
  /// How many measurements have a digest in both runs.
  public let comparedCount: Int
  /// Those whose digests differ, in the order of the baseline.
  public let changed: [MeasurementName]

  /// Compares digests.
  ///
  /// Bytes that are the same are the same on any machine. Bytes that differ are a verdict for a
  /// portable codec, and for another one only where both runs were made with the same instruction
  /// sets.
  init(_ pairs: [RowPair], isPortable: Bool, machines: MachinePair) {
    let recorded = pairs.filter {
      $0.baseline.bitstreamSHA256 != nil && $0.new.bitstreamSHA256 != nil
    }
    comparedCount = recorded.count
    changed = recorded.filter { $0.baseline.bitstreamSHA256 != $0.new.bitstreamSHA256 }
      .map { MeasurementName($0.baseline) }
    if recorded.isEmpty {
      outcome = .notComparable("no measurement has a bitstream_sha256 in both files")
    } else if changed.isEmpty {
      outcome = .same
    } else if !isPortable, let obstacle = machines.instructionSetObstacle {
      outcome = .notComparable(obstacle)
    } else {
      outcome = .changed
    }
  }
}
