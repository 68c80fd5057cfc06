/// The positions of codes and importance map: one for each 8×8 pixels.
struct LatentGrid: Sendable, Equatable {
  /// Pixels per position, each way.
  static let stride = 8

  /// Columns.
  let width: Int
  /// Rows.
  let height: Int

  /// The grid of a picture whose sides are rounded up to whole positions.
  init(imageWidth: Int, imageHeight: Int) {
    width = (imageWidth + Self.stride - 1) / Self.stride
    height = (imageHeight + Self.stride - 1) / Self.stride
  }

  var positionCount: Int { width * height }
}
