/// A figure and the numbers in it.
public struct FigureFiles: Sendable, Equatable {
  /// The picture.
  public let svg: String
  /// The numbers, unrounded, under a header row.
  public let csv: String
}
