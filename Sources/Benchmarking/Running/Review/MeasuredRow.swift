import CodecWorkers
import Codecs
import Files
import Imaging
import Results

/// A measurement of an image that waits for the second look: more timing, or verification.
struct MeasuredRow {
  /// The row's place in the plan.
  let position: Int
  /// The codec that was measured.
  let codec: any Codec
  /// The same codec with another number of threads, where it has that parameter.
  let counterpart: (any Codec)?
  /// The row as far as it is known.
  var row: ResultRow
  /// The coded bytes, or `nil` when encoding failed.
  let bytes: [UInt8]?
  /// Digest of the decoded pixels, or `nil` when the measurement failed.
  let pixelsDigest: String?

  /// Whether the codec was called for it.
  let isNew: Bool

  /// Remembers what a measurement gave.
  init(
    _ outcome: Measurement.Outcome, position: Int, sweep: Plan.Sweep
  ) {
    self.position = position
    codec = sweep.codec
    counterpart = sweep.counterpart
    row = outcome.row
    bytes = outcome.bytes
    isNew = outcome.isNew
    pixelsDigest = outcome.decoded.map { SHA256Digest.pixels(of: $0) }
  }

  /// Turns the row into one of a failure: what was scored does not count.
  mutating func fail(_ status: ResultRow.Status, _ message: String) {
    row.status = status
    row.message = message
    row.scores = [:]
  }

  /// Turns the row into one of a failure of a repeated call; a refusal is one, too, for the first
  /// call was none.
  mutating func failRepeated(_ failure: CallFailure) {
    let isRefusal = failure.kind == .encodeFailed || failure.kind == .decodeFailed
    fail(
      isRefusal ? .nondeterministic : ResultRow.Status(failure.kind),
      "when repeated: \(failure.message)")
  }
}
