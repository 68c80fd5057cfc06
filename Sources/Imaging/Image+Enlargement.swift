extension Image {
  /// The picture with each pixel repeated, so that it covers a square.
  ///
  /// - Parameter factor: the side of the square in pixels, at least 1.
  public func enlarged(by factor: Int) -> Image {
    precondition(factor >= 1, "an enlargement does not shrink")
    var result: [UInt8] = []
    result.reserveCapacity(samples.count * factor * factor)
    for y in 0..<height {
      let start = result.count
      for pixel in y * width..<(y + 1) * width {
        for _ in 0..<factor {
          result += samples[pixel * channelCount..<(pixel + 1) * channelCount]
        }
      }
      let row = Array(result[start...])
      for _ in 1..<factor { result += row }
    }
    return Image(
      width: width * factor, height: height * factor, colorModel: colorModel, samples: result)
  }
}
