/// The name of a figure that rdbench computes, as its column in the results has it.
///
/// What there is to know of a figure stands in its ``MetricDescriptor``; only names in that table can
/// be made from text.
public struct MetricID: RawRepresentable, Hashable, Sendable, Codable {
  /// The name of the column.
  public let rawValue: String

  /// The figure of a name, or `nil` when rdbench computes none of that name.
  public init?(rawValue: String) {
    guard MetricDescriptor.table[rawValue] != nil else { return nil }
    self.rawValue = rawValue
  }

  /// Names a figure that is about to be described.
  init(describing rawValue: String) {
    self.rawValue = rawValue
  }
}

extension MetricID: CaseIterable {
  /// Every figure, in the order of the columns.
  public static let allCases: [MetricID] = MetricDescriptor.all.map(\.id)

  /// What is known of the figure.
  public var descriptor: MetricDescriptor {
    guard let descriptor = MetricDescriptor.table[rawValue] else {
      preconditionFailure("\(rawValue) is not in the table of metrics")
    }
    return descriptor
  }

  /// The version of the figure's definition (``MetricDescriptor/version``).
  public var version: Int { descriptor.version }
}
