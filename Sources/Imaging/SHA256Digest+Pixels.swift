import Files

extension SHA256Digest {
  /// The digest of a picture's pixels, which does not depend on how a file compresses them.
  ///
  /// The digested bytes are width, height and number of channels, each as a big-endian 32-bit
  /// integer, then the samples as ``Image/samples`` holds them.
  public static func pixels(of image: Image) -> String {
    let numbers = [image.width, image.height, image.channelCount]
    let header = numbers.flatMap { number in
      stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> $0) }
    }
    return hexadecimal(ofPieces: [header, image.samples])
  }
}
