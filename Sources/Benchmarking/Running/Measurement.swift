import CodecWorkers
import Codecs
import Files
import ImageMetrics
import Imaging
import Results

/// One measurement: encode, hand over the bytes alone, decode, score.
struct Measurement {
  /// The image, decoded and prepared once for all its measurements.
  let original: Image
  /// The image as the metrics want it.
  let reference: PreparedReference
  /// Where the codecs run.
  let host: any CodecHost

  /// Wall-clock seconds of a measurement.
  struct Cost {
    /// The codec's calls.
    var codecs = 0.0
    /// The scoring.
    var metrics = 0.0

    /// Adds up costs.
    static func += (sum: inout Cost, term: Cost) {
      sum.codecs += term.codecs
      sum.metrics += term.metrics
    }
  }

  /// What a measurement leaves behind.
  struct Outcome {
    /// The row, whatever happened.
    var row: ResultRow
    /// The coded bytes, or `nil` when encoding failed.
    var bytes: [UInt8]?
    /// The decoded picture, or `nil` when the measurement failed.
    var decoded: Image?
    /// What it cost.
    var cost = Cost()
    /// Whether the codec was called for it, and not all of it found in a store.
    var isNew = true
  }

  /// Measures one codec at one quality.
  ///
  /// - Parameter subject: the row's place in the plan.
  func outcome(
    _ codec: any Codec, at quality: Quality, subject: ResultRow.Subject
  ) -> Outcome {
    let row = ResultRow(subject: subject, status: .ok, threads: codec.descriptor.threadCount)
    var outcome = Outcome(row: row)
    do throws(RowFailure) {
      let bytes = try encode(codec, at: quality, &outcome)
      let decoded = try decode(bytes, codec, &outcome)
      try score(decoded, &outcome)
      outcome.decoded = decoded
    } catch {
      outcome.row.status = error.status
      outcome.row.message = error.message
    }
    return outcome
  }

  private func encode(
    _ codec: any Codec, at quality: Quality, _ outcome: inout Outcome
  ) throws(RowFailure) -> [UInt8] {
    let encoded = try timed(&outcome.cost) { () throws(CallFailure) in
      try host.encode(original, with: codec, at: quality)
    }
    outcome.row.timing = ResultRow.Timing(
      encodeSeconds: encoded.time.wall, encodeCPUSeconds: encoded.time.cpu)
    let bytes = encoded.value.bytes
    outcome.row.encodedBytes = bytes.count
    outcome.row.sections = encoded.value.sections
    outcome.row.bitstreamSHA256 = SHA256Digest.hexadecimal(of: bytes)
    outcome.bytes = bytes
    return bytes
  }

  private func decode(
    _ bytes: [UInt8], _ codec: any Codec, _ outcome: inout Outcome
  ) throws(RowFailure) -> Image {
    let decoded = try timed(&outcome.cost) { () throws(CallFailure) in
      try host.decode(bytes, with: codec)
    }
    outcome.row.timing?.decodeSeconds = decoded.time.wall
    outcome.row.timing?.decodeCPUSeconds = decoded.time.cpu
    return decoded.value
  }

  private func score(_ decoded: Image, _ outcome: inout Outcome) throws(RowFailure) {
    guard decoded.width == original.width, decoded.height == original.height else {
      throw RowFailure(
        status: .wrongSize,
        message: "decoded to \(decoded.width)×\(decoded.height) pixels, "
          + "the original has \(original.width)×\(original.height)")
    }
    let stopwatch = Stopwatch()
    defer { outcome.cost.metrics += stopwatch.reading.wall }
    do throws(MetricError) {
      let scores = try reference.scores(of: decoded.comparable(with: original))
      for metric in MetricID.allCases { outcome.row.scores[metric] = scores[metric] }
    } catch {
      throw RowFailure(status: .decodeFailed, message: error.message)
    }
  }

  /// Makes a call and adds up what it costs, the transport to and from a worker included.
  private func timed<Value>(
    _ cost: inout Cost, _ call: () throws(CallFailure) -> Timed<Value>
  ) throws(RowFailure) -> Timed<Value> {
    let stopwatch = Stopwatch()
    defer { cost.codecs += stopwatch.reading.wall }
    do throws(CallFailure) {
      return try call()
    } catch {
      throw RowFailure(status: ResultRow.Status(error.kind), message: error.message)
    }
  }
}

/// Why a row is not `ok`.
private struct RowFailure: Error {
  let status: ResultRow.Status
  let message: String
}

extension ResultRow.Status {
  /// The status of a row whose call failed.
  init(_ kind: CallFailure.Kind) {
    self =
      switch kind {
      case .encodeFailed: .encodeFailed
      case .decodeFailed: .decodeFailed
      case .crashed: .crashed
      case .timedOut: .timedOut
      case .outOfMemory: .outOfMemory
      }
  }
}

extension Image {
  /// The decoded picture in the colour model of its original: a format without grey gives a grey
  /// picture back as RGB.
  func comparable(with original: Image) -> Image {
    original.colorModel == .gray ? asGray() : self
  }
}
