import CodecWorkers
import Codecs
import Files
import ImageMetrics
import Imaging
import MeasurementStore
import Results

/// Makes the measurements of one image: from the store where they are there, with the codec else.
///
/// This is the one way to a row of an image that was read. A row that fails is never stored: trying
/// again costs little, and the cause may be gone.
final class ImageMeasurer {
  private let subject: ImageSubject
  private let original: Image
  private let plan: Plan
  private let host: any CodecHost
  private let cache: MeasurementCache?
  private let needsPictures: Bool
  private var references: [[MetricID]: PreparedReference] = [:]

  /// What the measurements cost so far.
  private(set) var cost = Measurement.Cost()

  /// Prepares to measure an image; whatever takes time is put off until it is needed.
  ///
  /// - Parameters:
  ///   - path: the image's path inside the plan's dataset.
  ///   - original: its pixels.
  ///   - plan: which metrics are wanted, and how calls are timed.
  ///   - host: where the codecs run.
  ///   - cache: the run's store, or `nil` to do without.
  ///   - needsPictures: whether the decoded picture is wanted of every row, also of one that was found.
  init(
    path: String, original: Image, plan: Plan, host: any CodecHost, cache: MeasurementCache?,
    needsPictures: Bool = false
  ) {
    subject = ImageSubject(dataset: plan.dataset.name, path: path, image: original)
    self.original = original
    self.plan = plan
    self.host = host
    self.cache = cache
    self.needsPictures = needsPictures
  }

  /// Measures a codec at a quality, or finds it measured.
  ///
  /// - Returns: the row, whatever happened. Bytes and decoded picture of a row that was found are only
  ///   there when pictures are needed.
  func outcome(_ codec: any Codec, at quality: Quality) -> Measurement.Outcome {
    guard let cache else { return measure(codec, at: quality) }
    let descriptor = codec.descriptor
    let key = MeasurementKey(
      pixelsDigest: subject.pixelsDigest, descriptor: descriptor, quality: quality)
    if let stored = cache.measurement(key, threadCount: descriptor.threadCount),
      let outcome = complete(stored, key, codec, at: quality, cache)
    {
      return outcome
    }
    let outcome = measure(codec, at: quality)
    if !plan.isReviewed { keep(outcome.row, bytes: outcome.bytes, of: codec, at: quality) }
    return outcome
  }

  /// Puts a measurement into the store, unless it failed.
  func keep(_ row: ResultRow, bytes: [UInt8]?, of codec: any Codec, at quality: Quality) {
    guard let cache, let measurement = StoredMeasurement(row, metrics: plan.metrics) else { return }
    let descriptor = codec.descriptor
    let key = MeasurementKey(
      pixelsDigest: subject.pixelsDigest, descriptor: descriptor, quality: quality)
    cache.put(
      measurement, key: key, threadCount: descriptor.threadCount, bitstream: bytes,
      sampleCount: original.samples.count)
  }

  private func measure(_ codec: any Codec, at quality: Quality) -> Measurement.Outcome {
    let measurement = Measurement(
      original: original, reference: reference(for: plan.metrics), host: host)
    let outcome = measurement.outcome(codec, at: quality, subject: subject.row(codec, at: quality))
    cost += outcome.cost
    return outcome
  }

  /// The outcome of a stored measurement, after the metrics that it lacks were computed of its bytes.
  ///
  /// - Returns: `nil` when the bytes are needed and missing, damaged or no longer decoded.
  private func complete(
    _ stored: StoredMeasurement, _ key: MeasurementKey, _ codec: any Codec, at quality: Quality,
    _ cache: MeasurementCache
  ) -> Measurement.Outcome? {
    let threadCount = codec.descriptor.threadCount
    let missing = stored.missing(of: plan.metrics)
    var (stored, bytes, decoded): (StoredMeasurement, [UInt8]?, Image?) = (stored, nil, nil)
    if !missing.isEmpty || needsPictures {
      bytes = cache.bitstream(of: stored)
      decoded = bytes.flatMap { decode($0, codec) }
      guard decoded != nil else { return nil }
    }
    if let decoded, !missing.isEmpty {
      guard let scores = scores(missing, of: decoded) else { return nil }
      stored.scores.merge(scores) { _, new in new }
      var added = stored
      (added.timing, added.scores) = (nil, scores)
      cache.put(
        added, key: key, threadCount: threadCount, bitstream: nil,
        sampleCount: original.samples.count)
    }
    cache.count(missing.isEmpty ? \.reusedRows : \.rescoredRows)
    let row = stored.row(
      subject.row(codec, at: quality), metrics: plan.metrics, threads: threadCount)
    return Measurement.Outcome(row: row, bytes: bytes, decoded: decoded, isNew: false)
  }

  /// Decodes stored bytes.
  private func decode(_ bytes: [UInt8], _ codec: any Codec) -> Image? {
    let stopwatch = Stopwatch()
    defer { cost.codecs += stopwatch.reading.wall }
    return try? host.decode(bytes, with: codec).value
  }

  private func scores(_ metrics: [MetricID], of decoded: Image) -> [MetricID: Double?]? {
    let reference = reference(for: metrics)
    let stopwatch = Stopwatch()
    defer { cost.metrics += stopwatch.reading.wall }
    guard let scores = try? reference.scores(of: decoded.comparable(with: original)) else {
      return nil
    }
    return Dictionary(uniqueKeysWithValues: metrics.map { ($0, scores[$0]) })
  }

  /// The original as some metrics want it, prepared when it is first needed.
  private func reference(for metrics: [MetricID]) -> PreparedReference {
    if let reference = references[metrics] { return reference }
    let stopwatch = Stopwatch()
    defer { cost.metrics += stopwatch.reading.wall }
    let reference = MetricSuite(metrics).prepare(original)
    references[metrics] = reference
    return reference
  }
}

/// An image that was read, as its rows name it.
private struct ImageSubject {
  let dataset: String
  let path: String
  let pixelsDigest: String
  let width: Int
  let height: Int

  init(dataset: String, path: String, image: Image) {
    self.dataset = dataset
    self.path = path
    pixelsDigest = SHA256Digest.pixels(of: image)
    width = image.width
    height = image.height
  }

  func row(_ codec: any Codec, at quality: Quality) -> ResultRow.Subject {
    var subject = ResultRow.Subject(
      dataset: dataset, image: path, descriptor: codec.descriptor, quality: quality)
    subject.imageSHA256 = pixelsDigest
    subject.width = width
    subject.height = height
    return subject
  }
}

extension StoredMeasurement {
  /// What a row says, to be stored; `nil` for one that failed.
  fileprivate init?(_ row: ResultRow, metrics: [MetricID]) {
    guard row.status == .ok, let encodedBytes = row.encodedBytes,
      let bitstreamSHA256 = row.bitstreamSHA256
    else { return nil }
    self.init(
      encodedBytes: encodedBytes, sections: row.sections, bitstreamSHA256: bitstreamSHA256,
      timing: row.timing,
      scores: Dictionary(uniqueKeysWithValues: metrics.map { ($0, row.scores[$0]) }))
  }

  /// The row that it makes, with some of its scores.
  fileprivate func row(
    _ subject: ResultRow.Subject, metrics: [MetricID], threads: Int
  ) -> ResultRow {
    var row = ResultRow(
      subject: subject, status: .ok, encodedBytes: encodedBytes, sections: sections,
      threads: threads, timing: timing, bitstreamSHA256: bitstreamSHA256)
    for metric in metrics { row.scores[metric] = scores[metric] ?? nil }
    return row
  }
}
