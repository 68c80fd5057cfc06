/// The positions of a latent: one for each square of pixels.
package struct LatentGrid: Sendable, Hashable {
  /// Pixels per position, each way.
  package let stride: Int
  /// Columns.
  package let width: Int
  /// Rows.
  package let height: Int

  /// The grid of a picture whose sides are rounded up to whole positions.
  ///
  /// - Precondition: all are positive.
  package init(imageWidth: Int, imageHeight: Int, stride: Int) {
    precondition(imageWidth > 0 && imageHeight > 0 && stride > 0, "a grid has positions")
    self.stride = stride
    width = (imageWidth + stride - 1) / stride
    height = (imageHeight + stride - 1) / stride
  }

  /// Rows times columns.
  package var positionCount: Int { width * height }
}
