extension Image {
  /// A part of the picture.
  ///
  /// - Parameters:
  ///   - x: pixels between the left edge and the part.
  ///   - y: pixels between the upper edge and the part.
  ///   - newWidth: width of the part in pixels.
  ///   - newHeight: height of the part in pixels.
  /// - Precondition: the part has a pixel and lies inside the picture.
  public func cropped(x: Int, y: Int, width newWidth: Int, height newHeight: Int) -> Image {
    precondition(x >= 0 && newWidth > 0 && newWidth <= width - x, "a part lies inside")
    precondition(y >= 0 && newHeight > 0 && newHeight <= height - y, "a part lies inside")
    var part: [UInt8] = []
    part.reserveCapacity(newWidth * newHeight * channelCount)
    for row in y..<y + newHeight {
      let start = (row * width + x) * channelCount
      part += samples[start..<start + newWidth * channelCount]
    }
    return Image(width: newWidth, height: newHeight, colorModel: colorModel, samples: part)
  }
}
