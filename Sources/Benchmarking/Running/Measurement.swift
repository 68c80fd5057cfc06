import Codecs
import ImageMetrics
import Imaging

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
    do throws(CallFailure) {
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
  ) throws(CallFailure) -> [UInt8] {
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
  ) throws(CallFailure) -> Image {
    let decoded = try timed(&outcome.cost) { () throws(CallFailure) in
      try host.decode(bytes, with: codec)
    }
    outcome.row.timing?.decodeSeconds = decoded.time.wall
    outcome.row.timing?.decodeCPUSeconds = decoded.time.cpu
    return decoded.value
  }

  private func score(_ decoded: Image, _ outcome: inout Outcome) throws(CallFailure) {
    guard decoded.width == original.width, decoded.height == original.height else {
      throw CallFailure(
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
      throw CallFailure(status: .decodeFailed, message: error.message)
    }
  }

  /// Makes a call and adds up what it costs, the transport to and from a worker included.
  private func timed<Value>(
    _ cost: inout Cost, _ call: () throws(CallFailure) -> Timed<Value>
  ) throws(CallFailure) -> Timed<Value> {
    let stopwatch = Stopwatch()
    defer { cost.codecs += stopwatch.reading.wall }
    return try call()
  }
}

extension Image {
  /// The decoded picture in the colour model of its original: a format without grey gives a grey
  /// picture back as RGB.
  func comparable(with original: Image) -> Image {
    original.colorModel == .gray ? asGray() : self
  }
}
