import Codecs
import ImageMetrics
import Imaging

/// One measurement: encode, hand over the bytes alone, decode, score.
struct Measurement {
  /// The image, decoded and prepared once for all its measurements.
  let original: Image
  /// The image as the metrics want it.
  let reference: PreparedReference
  /// How often each call is timed; 0 for one measurement without warm-up.
  let timingRepeats: Int

  /// Wall-clock seconds of a measurement, warm-up and repeats included.
  struct Cost {
    /// The codec's calls.
    var codecs = 0.0
    /// The scoring.
    var metrics = 0.0
  }

  /// Measures one codec at one quality.
  ///
  /// - Parameter subject: the row's place in the plan.
  /// - Returns: the row, whatever happened, and what it cost.
  func row(
    _ codec: any Codec, at quality: Quality, subject: ResultRow.Subject
  ) -> (row: ResultRow, cost: Cost) {
    var cost = Cost()
    let row = measure(codec, at: quality, subject: subject, cost: &cost)
    return (row, cost)
  }

  private func measure(
    _ codec: any Codec, at quality: Quality, subject: ResultRow.Subject, cost: inout Cost
  ) -> ResultRow {
    var row = ResultRow(subject: subject, status: .ok, threads: codec.descriptor.threadCount)

    let encoded: EncodedImage
    do throws(CodecError) {
      let (result, time) = try timed(&cost) { () throws(CodecError) in
        try codec.encode(original, at: quality)
      }
      encoded = result
      row.timing = ResultRow.Timing(encodeSeconds: time.wall, encodeCPUSeconds: time.cpu)
    } catch {
      return failed(row, .encodeFailed, error.message)
    }
    row.encodedBytes = encoded.bytes.count
    row.sections = encoded.sections
    row.bitstreamSHA256 = SHA256Digest.hexadecimal(of: encoded.bytes)

    let decoded: Image
    do throws(CodecError) {
      let bytesAlone = EncodedImage(bytes: encoded.bytes)
      let (result, time) = try timed(&cost) { () throws(CodecError) in
        try codec.decode(bytesAlone)
      }
      decoded = result
      row.timing?.decodeSeconds = time.wall
      row.timing?.decodeCPUSeconds = time.cpu
    } catch {
      return failed(row, .decodeFailed, error.message)
    }
    guard decoded.width == original.width, decoded.height == original.height else {
      let message =
        "decoded to \(decoded.width)×\(decoded.height) pixels, "
        + "the original has \(original.width)×\(original.height)"
      return failed(row, .wrongSize, message)
    }

    let stopwatch = Stopwatch()
    defer { cost.metrics += stopwatch.reading.wall }
    do throws(MetricError) {
      // A format without grey gives a grey picture back as RGB.
      let comparable = original.colorModel == .gray ? decoded.asGray() : decoded
      let scores = try reference.scores(of: comparable)
      for metric in MetricID.allCases { row.scores[metric] = scores[metric] }
    } catch {
      return failed(row, .decodeFailed, error.message)
    }
    return row
  }

  private func failed(
    _ row: ResultRow, _ status: ResultRow.Status, _ message: String
  ) -> ResultRow {
    var row = row
    row.status = status
    row.message = message
    return row
  }

  /// Runs a call once; or, with repeats, once to warm up and then `timingRepeats` times, and gives
  /// the medians.
  private func timed<Result>(
    _ cost: inout Cost, _ call: () throws(CodecError) -> Result
  ) throws(CodecError) -> (Result, Stopwatch.Reading) {
    let whole = Stopwatch()
    defer { cost.codecs += whole.reading.wall }
    var stopwatch = Stopwatch()
    var result = try call()
    guard timingRepeats > 0 else { return (result, stopwatch.reading) }
    var readings: [Stopwatch.Reading] = []
    for _ in 0..<timingRepeats {
      stopwatch = Stopwatch()
      result = try call()
      readings.append(stopwatch.reading)
    }
    let middle = Stopwatch.Reading(
      wall: median(readings.map(\.wall)), cpu: median(readings.map(\.cpu)))
    return (result, middle)
  }
}
