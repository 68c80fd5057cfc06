import RateDistortion
import Results
import Statistics

/// Whether a codec became slower, image by image.
public struct SpeedVerdict: Sendable, Equatable {
  /// What is known.
  public enum Outcome: Sendable, Equatable {
    /// Beyond the ratio, its interval and the absolute floor.
    case slower
    /// The same in the other direction.
    case faster
    /// Neither.
    case same
    /// Nothing: why, without a full stop.
    case notComparable(String)
  }

  /// The figures behind an outcome.
  public struct Figures: Sendable, Equatable {
    /// The median over the images of new time by old time.
    public let ratio: Double
    /// The 95 % interval of ``ratio``, or `nil` with one image.
    public let interval: ClosedRange<Double>?
    /// The median over the images of the change of one call, in seconds.
    public let change: Double
    /// How many images were timed in both runs.
    public let imageCount: Int
    /// The images whose time grew most: new time by old time.
    public let worstImages: [ImageFigure]
  }

  /// What is known.
  public let outcome: Outcome
  /// The figures, or `nil` where nothing can be compared.
  public let figures: Figures?

  /// Compares wall-clock times of one direction.
  ///
  /// The times of an image are added over all its settings first, so that each image has one ratio;
  /// the median of the ratios is not moved by a few images that were disturbed.
  init(
    _ pairs: [RowPair], rules: ComparisonRules, machines: MachinePair,
    seconds: (ResultRow) -> Double?
  ) {
    if let obstacle = machines.timeObstacle {
      outcome = .notComparable(obstacle)
      figures = nil
      return
    }
    var images: [String] = []
    var sums: [String: Sum] = [:]
    for pair in pairs {
      guard pair.baseline.threads == pair.new.threads,
        let old = seconds(pair.baseline), let new = seconds(pair.new), old > 0, new > 0
      else { continue }
      if sums[pair.image] == nil { images.append(pair.image) }
      sums[pair.image, default: Sum()].add(old, new)
    }
    guard !images.isEmpty else {
      outcome = .notComparable("no measurement was timed with the same threads in both files")
      figures = nil
      return
    }
    let measured = images.map { ($0, sums[$0, default: Sum()]) }
    let ratios = measured.map { ImageFigure(image: $0, value: $1.new / $1.old) }
    let figures = Figures(
      ratio: median(ratios.map(\.value)),
      interval: Bootstrap.interval(ofMedian: ratios.map(\.value)),
      change: median(measured.map { ($1.new - $1.old) / Double($1.count) }),
      imageCount: images.count,
      worstImages: ImageFigure.largest(of: ratios, above: 1))
    self.figures = figures
    outcome = Self.outcome(figures, rules)
  }

  private static func outcome(_ figures: Figures, _ rules: ComparisonRules) -> Outcome {
    let factor = 1 + rules.timePercent / 100
    let interval = figures.interval ?? figures.ratio...figures.ratio
    if figures.ratio > factor, interval.lowerBound > 1, figures.change > rules.timeFloorSeconds {
      return .slower
    }
    if figures.ratio < 1 / factor, interval.upperBound < 1,
      figures.change < -rules.timeFloorSeconds
    {
      return .faster
    }
    return .same
  }

  private struct Sum {
    private(set) var old = 0.0
    private(set) var new = 0.0
    private(set) var count = 0

    mutating func add(_ oldSeconds: Double, _ newSeconds: Double) {
      old += oldSeconds
      new += newSeconds
      count += 1
    }
  }
}
