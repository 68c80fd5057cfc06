/// Bounds that are checked before memory is taken for a picture.
public enum ImageLimits {
  /// The largest number of pixels that any reader or decoder accepts: 2²⁸, about 268 megapixels.
  public static let maximumPixelCount = 1 << 28

  /// Checks a size that a header declares.
  ///
  /// - Throws: `ImageError` of kind `corruptData` for a size below 1 and `tooLarge` above the
  ///   bound; the multiplication cannot overflow.
  public static func check(width: Int, height: Int) throws(ImageError) {
    guard width > 0, height > 0 else {
      throw ImageError(.corruptData, "the header declares a size of \(width)×\(height) pixels")
    }
    let (pixelCount, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, pixelCount <= maximumPixelCount else {
      throw ImageError(
        .tooLarge,
        "the header declares \(width)×\(height) pixels, more than the limit of "
          + "\(maximumPixelCount) pixels")
    }
  }
}
