import Codecs
import Imaging
import LearnedCodecs

extension ContentWeightedCodec: SteeredCodec {
  /// Codes a picture with an importance map of one's own in the place of the network's.
  ///
  /// Each position of 8×8 pixels is given p, the mean of the map over its block divided by 255: white
  /// sends all of its bits, black as few as the model can.
  ///
  /// - Throws: `CodecError` as ``encode(_:at:)``, and of kind `invalidParameter` for a codec without
  ///   importance map and for `mode=rate`, which changes the map itself.
  public func encode(
    _ image: Image, at quality: Quality, importance: Image
  ) throws(CodecError) -> EncodedImage {
    guard model.configuration.importanceLevelCount > 0 else {
      throw failure(
        .invalidParameter, "\(descriptor.id) sends no importance map, so none can steer it")
    }
    guard mode == .quality else {
      throw failure(.invalidParameter, "mode=rate chooses the importance map itself")
    }
    let knob = RateKnob(position: try checked(image, at: quality) ?? 0)
    var analysis = try analyze(image, at: knob)
    analysis.importance = importance.blockMeans(over: analysis.grid, of: image)
    return file(image, analysis, at: knob, importanceScale: importanceScale).encodedImage
  }
}

extension Image {
  /// The means of a grey picture over the positions of a grid, 0…1, when it is stretched over an image.
  ///
  /// A pixel of the image takes the map's pixel that lies over its middle.
  fileprivate func blockMeans(over grid: LatentGrid, of image: Image) -> [Float] {
    let columns = (0..<image.width).map { (2 * $0 + 1) * width / (2 * image.width) }
    var sums = [Int](repeating: 0, count: grid.positionCount)
    var counts = sums
    for y in 0..<image.height {
      let row = (2 * y + 1) * height / (2 * image.height) * width
      let start = y / grid.stride * grid.width
      for x in 0..<image.width {
        sums[start + x / grid.stride] += Int(samples[row + columns[x]])
        counts[start + x / grid.stride] += 1
      }
    }
    return zip(sums, counts).map { Float($0) / Float(255 * $1) }
  }
}
