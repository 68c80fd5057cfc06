import Codecs
import ImageMetrics

/// What a run measures: every image, with every codec, at each of the codec's qualities.
///
/// Rows come in this order: image by image, in each the codecs in the order given, for each codec
/// its qualities in the order given.
public struct Plan: Sendable {
  /// A configured codec and the qualities at which it runs.
  public struct Sweep: Sendable {
    /// The codec.
    public let codec: any Codec
    /// At least one quality of its scale.
    public let qualities: [Quality]

    /// Pairs a codec with qualities.
    public init(codec: any Codec, qualities: [Quality]) {
      self.codec = codec
      self.qualities = qualities
    }
  }

  /// The images.
  public let dataset: Dataset
  /// The codecs with their qualities.
  public let sweeps: [Sweep]
  /// The figures to compute.
  public let metrics: [MetricID]

  /// How often each call is timed after a warm-up; 0 for one measurement without.
  public let timingRepeats: Int

  /// Makes a plan.
  public init(
    dataset: Dataset, sweeps: [Sweep], metrics: [MetricID], timingRepeats: Int = 0
  ) {
    precondition(timingRepeats >= 0)
    self.dataset = dataset
    self.sweeps = sweeps
    self.metrics = metrics
    self.timingRepeats = timingRepeats
  }

  /// The number of measurements of each image.
  public var measurementsPerImage: Int { sweeps.reduce(0) { $0 + $1.qualities.count } }

  /// The number of rows that a complete run writes.
  public var measurementCount: Int { dataset.images.count * measurementsPerImage }

  /// Whether a row's subject is that of a place in the plan, from 0.
  func expects(_ subject: ResultRow.Subject, at position: Int) -> Bool {
    var rest = position % measurementsPerImage
    let image = dataset.images[position / measurementsPerImage]
    for sweep in sweeps {
      guard rest >= sweep.qualities.count else {
        var expected = ResultRow.Subject(
          dataset: dataset.name, image: image.path, descriptor: sweep.codec.descriptor,
          quality: sweep.qualities[rest])
        expected.imageSHA256 = subject.imageSHA256
        expected.width = subject.width
        expected.height = subject.height
        return expected == subject
      }
      rest -= sweep.qualities.count
    }
    return false
  }

  /// The identity of the plan: SHA-256 over everything that decides the rows.
  ///
  /// Of a folder's images it takes the names and the sizes of the files, so two plans with the same
  /// digest differ at most in a file that changed without changing its size.
  public var digest: String {
    var lines = ["schema \(RunMetadata.schemaVersion)", "dataset \(dataset.name)"]
    lines.append("manifest \(dataset.digestOfManifest ?? "none")")
    lines.append("timing repeats \(timingRepeats)")
    lines += dataset.images.map { "image \($0.fileSize.map(String.init) ?? "drawn") \($0.path)" }
    for sweep in sweeps {
      let descriptor = sweep.codec.descriptor
      lines.append(
        "codec \(descriptor.id) \(descriptor.version) \(descriptor.parameters.canonical)")
      if let model = descriptor.modelDigest { lines.append("model \(model)") }
      lines += sweep.qualities.map { "quality \($0.number.map(formatNumber) ?? "fixed")" }
    }
    lines += metrics.map { "metric \($0.rawValue)" }
    return SHA256Digest.hexadecimal(of: Array(lines.joined(separator: "\n").utf8))
  }
}
