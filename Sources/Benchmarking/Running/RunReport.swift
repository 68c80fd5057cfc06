import Codecs
import ImageMetrics
import Results

/// What a run has come to so far: counts, ranges and costs, but no rows, so its size does not grow
/// with the number of images (their digests apart).
public struct RunReport: Sendable {
  /// One curve's share of the run.
  public struct Curve: Sendable, Equatable {
    /// The codec's id.
    public let codec: String
    /// Every parameter with its value.
    public let parameters: String
    /// The number of qualities or targets in the plan.
    public let qualityCount: Int
    /// Rows that are `ok`.
    public var succeeded = 0
    /// Rows that are not.
    public var failed = 0
    /// The smallest and largest bits per pixel of a single image.
    public var bitsPerPixel: ClosedRange<Double>?
    /// The smallest and largest PSNR of a single image, in decibels.
    public var psnr: ClosedRange<Double>?
    /// Wall-clock seconds of the encode calls, as in the rows.
    public var encodeSeconds = 0.0
    /// Wall-clock seconds of the decode calls, as in the rows.
    public var decodeSeconds = 0.0
    /// How far repeated encode times lie apart.
    public var encodeSpread = TimingSpread()
    /// How far repeated decode times lie apart.
    public var decodeSpread = TimingSpread()

    init(_ sweep: Plan.Sweep) {
      codec = sweep.codec.descriptor.id
      parameters = sweep.codec.descriptor.parameters.canonical
      qualityCount = sweep.rowCount
    }

    mutating func add(_ row: ResultRow) {
      if row.status == .ok { succeeded += 1 } else { failed += 1 }
      if let rate = row.bitsPerPixel { bitsPerPixel = Self.widen(bitsPerPixel, to: rate) }
      if let score = row.scores[.psnr] { psnr = Self.widen(psnr, to: score) }
      encodeSeconds += row.timing?.encodeSeconds ?? 0
      decodeSeconds += row.timing?.decodeSeconds ?? 0
      encodeSpread.add(row.timing?.encodeDeviation, of: row.timing?.encodeSeconds)
      decodeSpread.add(row.timing?.decodeDeviation, of: row.timing?.decodeSeconds)
    }

    private static func widen(_ range: ClosedRange<Double>?, to value: Double) -> ClosedRange<
      Double
    > {
      guard let range else { return value...value }
      return min(range.lowerBound, value)...max(range.upperBound, value)
    }
  }

  /// The curves in the plan's order.
  public private(set) var curves: [Curve]
  /// Where the jobs' time went.
  public var costs = Runner.Costs()
  /// The number of rows so far.
  public private(set) var rowCount = 0
  /// The number of rows that are not `ok`.
  public private(set) var failureCount = 0
  /// The number of failed measurements of a budget's candidates, which have no rows.
  public private(set) var failedCandidateCount = 0
  /// The number of measurements that failed, whether they are rows or a budget's candidates.
  public var failedMeasurementCount: Int { failureCount + failedCandidateCount }
  /// Digest of the pixels (`SHA256Digest.pixels(of:)`) by image path, for images that were read.
  public private(set) var pixelDigests: [String: String] = [:]

  private let indexes: [String: Int]
  private var warnings: Set<String> = []

  /// Starts the report of a plan.
  public init(plan: Plan) {
    curves = plan.sweeps.map(Curve.init)
    indexes = Dictionary(
      uniqueKeysWithValues: zip(curves.map { Self.key($0.codec, $0.parameters) }, curves.indices))
  }

  /// Counts a row of the plan.
  public mutating func add(_ row: ResultRow) {
    rowCount += 1
    if row.status != .ok { failureCount += 1 }
    pixelDigests[row.subject.image] = row.subject.imageSHA256
    if let index = indexes[Self.key(row.subject.codec, row.subject.parameters)] {
      curves[index].add(row)
    }
  }

  /// Counts the measurement of a budget's candidate.
  public mutating func add(candidate row: ResultRow) {
    if row.status != .ok { failedCandidateCount += 1 }
  }

  /// Whether a warning comes up for the first time.
  public mutating func isNew(warning: String) -> Bool { warnings.insert(warning).inserted }

  private static func key(_ codec: String, _ parameters: String) -> String {
    "\(codec) \(parameters)"
  }
}
