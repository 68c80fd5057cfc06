import RateDistortion

/// Everything that a report shows, as its page reads it.
///
/// The page computes nothing but the view: means, differences and intervals are in here. Curves,
/// images and measures are referred to by their position in the lists.
public struct Report: Encodable, Sendable {
  /// A set of images.
  public struct Dataset: Encodable, Sendable {
    let name: String
    let imageCount: Int
  }

  /// An image of a set; sizes are `nil` where it could not be read.
  public struct ImageEntry: Encodable, Sendable {
    let dataset: String
    let name: String
    let width: Int?
    let height: Int?
  }

  /// The heading.
  public var title: String
  /// The sets, in the order in which they appear in the results.
  public internal(set) var datasets: [Dataset]
  /// The images, in the order in which they appear in the results.
  public internal(set) var images: [ImageEntry]
  /// The configurations, then the published curves.
  public internal(set) var curves: [Curve]
  /// All rows of the results.
  public internal(set) var rows: Rows
  /// The measures that have a curve.
  public internal(set) var measures: [Measure] = []
  /// Pictures at equal rate; empty for a report without.
  public var pictures: [Picture] = []
  /// What the pictures are: sentences.
  public var picturesNote = ""
  /// Where the results come from.
  public var runs: [Run] = []
  /// The measure that is shown first.
  public var firstMeasure = 0
  /// The anchor that is shown first.
  public var firstAnchor = 0

  /// The positions of the curves that the others are compared with.
  public var anchors: Set<Int> { Set(measures.flatMap { $0.differences.map(\.anchor) }) }

  /// Where one file of results comes from.
  public struct Run: Encodable, Sendable {
    let title: String
    let fields: [[String]]

    /// Describes a run by names and values.
    public init(title: String, fields: [(name: String, value: String)]) {
      self.title = title
      self.fields = fields.map { [$0.name, $0.value] }
    }
  }
}
