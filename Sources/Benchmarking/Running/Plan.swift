import Codecs
import Datasets
import Files
import ImageMetrics
import Results

/// What a run measures: every image, with every codec, at each of the codec's qualities.
///
/// Rows come in this order: image by image, in each the codecs in the order given, for each codec
/// its qualities in the order given.
public struct Plan: Sendable {
  /// A configured codec and the qualities at which it runs, or the targets for which each image's
  /// quality is searched.
  public struct Sweep: Sendable {
    /// The codec.
    public let codec: any Codec
    /// Qualities of its scale; empty when there are targets.
    public let qualities: [Quality]
    /// What the search aims at; empty when there are qualities.
    public let targets: [Target]
    /// The qualities among which a budget of the whole set chooses; empty for anything else.
    public let candidates: [Quality]
    /// The same codec with another number of threads, for verification; `nil` when it has no such
    /// parameter.
    public var counterpart: (any Codec)?

    /// Pairs a codec with qualities.
    public init(codec: any Codec, qualities: [Quality], counterpart: (any Codec)? = nil) {
      self.codec = codec
      self.qualities = qualities
      targets = []
      candidates = []
      self.counterpart = counterpart
    }

    /// Pairs a codec with targets.
    ///
    /// - Precondition: the codec has a quality scale.
    public init(codec: any Codec, targets: [Target]) {
      precondition(codec.descriptor.qualityScale != nil, "only a scale can be searched")
      self.codec = codec
      self.targets = targets
      qualities = []
      candidates = []
    }

    /// Pairs a codec with a budget of the whole set and the qualities that may be chosen.
    ///
    /// - Precondition: `budget` is a figure of a set.
    public init(codec: any Codec, budget: Target, candidates: [Quality]) {
      precondition(budget.figure.isOfSet)
      self.codec = codec
      targets = [budget]
      qualities = []
      self.candidates = candidates
    }

    /// The number of rows of each image.
    public var rowCount: Int { qualities.count + targets.count }

    /// What each row of an image is about, in the order of the rows.
    var points: [Point] { qualities.map(Point.quality) + targets.map(Point.target) }
  }

  /// What a row is about, besides its image and its codec.
  enum Point {
    /// A quality to measure.
    case quality(Quality)
    /// A target for which the quality is searched.
    case target(Target)
  }

  /// The images.
  public let dataset: Dataset
  /// The codecs with their qualities.
  public let sweeps: [Sweep]
  /// The figures to compute.
  public let metrics: [MetricID]

  /// How often each call is timed after a warm-up; 0 for one measurement without.
  public let timingRepeats: Int
  /// Whether each measurement is made twice and compared.
  public let verifies: Bool

  /// The most measurements of an image and a codec for one target.
  public let maximumProbes: Int

  /// The part of the images that this run measures, or `nil` for all.
  public let shard: Shard?

  /// The images of the dataset that this run measures, in the dataset's order.
  public let images: [DatasetImage]

  /// Makes a plan.
  public init(
    dataset: Dataset, sweeps: [Sweep], metrics: [MetricID], timingRepeats: Int = 0,
    maximumProbes: Int = 16, shard: Shard? = nil, verifies: Bool = false
  ) {
    precondition(timingRepeats >= 0 && maximumProbes >= 1)
    self.dataset = dataset
    self.sweeps = sweeps
    self.metrics = metrics
    self.timingRepeats = timingRepeats
    self.verifies = verifies
    self.maximumProbes = maximumProbes
    self.shard = shard
    images =
      shard.map { shard in
        shard.imageIndexes(of: dataset.images.count).map { dataset.images[$0] }
      } ?? dataset.images
  }

  /// Whether rows wait until all measurements of their image have been looked at again.
  var isReviewed: Bool { timingRepeats > 0 || verifies }

  /// The number of rows of each image.
  public var measurementsPerImage: Int { sweeps.reduce(0) { $0 + $1.rowCount } }

  /// The number of rows that a complete run writes.
  public var measurementCount: Int { images.count * measurementsPerImage }

  /// The codec and the point of each row of an image, in the order of the rows.
  var points: [(sweep: Int, point: Point)] {
    sweeps.enumerated().flatMap { index, sweep in sweep.points.map { (index, $0) } }
  }

  /// The subject of a row before its image was read; the quality of a search is not known yet.
  func subject(_ image: DatasetImage, sweep: Int, point: Point) -> ResultRow.Subject {
    let descriptor = sweeps[sweep].codec.descriptor
    var subject = ResultRow.Subject(
      dataset: dataset.name, image: image.path, descriptor: descriptor, quality: .fixed)
    switch point {
    case .quality(let quality): subject.quality = quality
    case .target(let target): subject.target = target
    }
    return subject
  }

  /// Whether a row's subject is that of a place in the plan, from 0.
  func expects(_ subject: ResultRow.Subject, at position: Int) -> Bool {
    let (image, place) = position.quotientAndRemainder(dividingBy: measurementsPerImage)
    let (sweep, point) = points[place]
    var expected = self.subject(images[image], sweep: sweep, point: point)
    expected.imageSHA256 = subject.imageSHA256
    expected.width = subject.width
    expected.height = subject.height
    if case .target = point { expected.quality = subject.quality }
    return expected == subject
  }

  /// The identity of the plan: SHA-256 over everything that decides the rows.
  ///
  /// Of a folder's images it takes the names and the sizes of the files, so two plans with the same
  /// digest differ at most in a file that changed without changing its size. Each shard has an
  /// identity of its own.
  public var digest: String {
    guard let shard else { return wholeDigest }
    return SHA256Digest.hexadecimal(of: Array("\(wholeDigest)\nshard \(shard.text)".utf8))
  }

  /// The identity of the plan that the shards divide; ``digest`` when there are none.
  public var wholeDigest: String {
    var lines = ["schema \(RunMetadata.schemaVersion)", "dataset \(dataset.name)"]
    lines.append("manifest \(dataset.digestOfManifest ?? "none")")
    lines.append("timing repeats \(timingRepeats)")
    if verifies { lines.append("verified") }
    lines += dataset.images.map { "image \($0.fileSize.map(String.init) ?? "drawn") \($0.path)" }
    for sweep in sweeps {
      let descriptor = sweep.codec.descriptor
      lines.append(
        "codec \(descriptor.id) \(descriptor.version) \(descriptor.parameters.canonical)")
      if let model = descriptor.modelDigest { lines.append("model \(model)") }
      lines += sweep.qualities.map { "quality \($0.number.map(formatNumber) ?? "fixed")" }
      lines += sweep.candidates.map { "candidate \($0.number.map(formatNumber) ?? "fixed")" }
      lines += sweep.targets.map { "target \($0.text) in \(maximumProbes) probes" }
    }
    lines += metrics.map { "metric \($0.rawValue)" }
    return SHA256Digest.hexadecimal(of: Array(lines.joined(separator: "\n").utf8))
  }
}
