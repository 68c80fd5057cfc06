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
  /// A configured codec and the points of each image that it is measured at.
  public struct Sweep: Sendable {
    /// The codec.
    public let codec: any Codec
    /// Where it is measured.
    public let points: Points
    /// The same codec with another number of threads, for verification; `nil` when it has no such
    /// parameter.
    public var counterpart: (any Codec)?

    /// Pairs a codec with points.
    ///
    /// - Precondition: the codec has a quality scale where targets are searched, and a budget is a
    ///   figure of a set.
    public init(codec: any Codec, points: Points, counterpart: (any Codec)? = nil) {
      switch points {
      case .qualities: break
      case .targets:
        precondition(codec.descriptor.qualityScale != nil, "only a scale can be searched")
      case .budget(let budget, _):
        precondition(budget.figure.isOfSet, "a budget is one of the whole set")
      }
      self.codec = codec
      self.points = points
      self.counterpart = counterpart
    }

    /// The number of rows of each image.
    public var rowCount: Int { rowPoints.count }

    /// What each row of an image is about, in the order of the rows.
    var rowPoints: [Point] {
      switch points {
      case .qualities(let qualities): qualities.map(Point.quality)
      case .targets(let targets): targets.map(Point.target)
      case .budget(let budget, _): [.target(budget)]
      }
    }
  }

  /// Where on a codec's scale each image is measured.
  public enum Points: Sendable {
    /// At each of these qualities.
    case qualities([Quality])
    /// Where the search for each of these targets leads.
    case targets([Target])
    /// At each of the candidates, from which one is chosen for each image so that all files of the set
    /// together keep a size.
    case budget(Target, candidates: [Quality])

    /// The qualities that are asked for or may be chosen; empty where they are searched.
    public var qualities: [Quality] {
      switch self {
      case .qualities(let qualities), .budget(_, let qualities): qualities
      case .targets: []
      }
    }

    /// What is aimed at; empty for qualities that were asked for.
    public var targets: [Target] {
      switch self {
      case .qualities: []
      case .targets(let targets): targets
      case .budget(let budget, _): [budget]
      }
    }
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
    sweeps.enumerated().flatMap { index, sweep in sweep.rowPoints.map { (index, $0) } }
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
      var kind = "quality"
      if case .budget = sweep.points { kind = "candidate" }
      lines += sweep.points.qualities.map { "\(kind) \($0.number.map(formatNumber) ?? "fixed")" }
      lines += sweep.points.targets.map { "target \($0.text) in \(maximumProbes) probes" }
    }
    lines += metrics.map { "metric \($0.rawValue)" }
    return SHA256Digest.hexadecimal(of: Array(lines.joined(separator: "\n").utf8))
  }
}
