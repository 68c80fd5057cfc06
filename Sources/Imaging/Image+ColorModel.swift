extension Image {
  /// The picture in one channel: rounded luma, the picture itself if it is grey.
  ///
  /// Luma is 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), computed in integers and rounded to
  /// nearest; where the three channels are equal the result is exactly their value. A runner uses
  /// this to score what a codec without a grey mode, such as WebP, returns for a grey picture.
  public func asGray() -> Image {
    guard colorModel == .rgb else { return self }
    var luma = [UInt8](repeating: 0, count: pixelCount)
    for pixel in luma.indices {
      let red = Int(samples[3 * pixel])
      let green = Int(samples[3 * pixel + 1])
      let blue = Int(samples[3 * pixel + 2])
      luma[pixel] = UInt8((299 * red + 587 * green + 114 * blue + 500) / 1000)
    }
    return Image(width: width, height: height, colorModel: .gray, samples: luma)
  }

  /// The picture in three channels: each grey sample three times, the picture itself if it is RGB.
  public func asRGB() -> Image {
    guard colorModel == .gray else { return self }
    var triples = [UInt8](repeating: 0, count: 3 * pixelCount)
    for pixel in samples.indices {
      let sample = samples[pixel]
      triples[3 * pixel] = sample
      triples[3 * pixel + 1] = sample
      triples[3 * pixel + 2] = sample
    }
    return Image(width: width, height: height, colorModel: .rgb, samples: triples)
  }
}
