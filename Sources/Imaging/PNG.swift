import CLibPNGShims

/// Reads and writes PNG files through libpng.
///
/// Samples are numbers: a gAMA chunk and colour profiles are never applied. Palettes and 1, 2 and
/// 4-bit grey are expanded to 8 bits, an alpha channel that is opaque everywhere is dropped.
public enum PNG {
  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Whether these bytes begin as a PNG file does.
  public static func recognizes(_ bytes: [UInt8]) -> Bool { bytes.starts(with: signature) }

  /// Reads a PNG file.
  ///
  /// - Returns: the picture, with a warning when the file declares a colour space other than sRGB.
  /// - Throws: ``ImageError`` of kind `unknownFormat` for other bytes, `corruptData` for truncated
  ///   or damaged ones (checksums included), `unsupported` for 16 bits per sample and for pixels
  ///   that are not opaque, `tooLarge` for a size beyond ``ImageLimits``; the size is checked
  ///   before memory is taken.
  public static func decode(_ bytes: [UInt8]) throws(ImageError) -> DecodedImage {
    _ = try Self.header(of: bytes)
    let (header, profile) = try readHeader(bytes)
    guard header.bit_depth <= 8 else {
      throw ImageError(
        .unsupported, "it has 16 bits per sample and only 8 are supported: convert it first")
    }
    let width = Int(header.width)
    let height = Int(header.height)
    let channelCount = Int(header.channel_count)
    let samples = try readSamples(bytes, stride: width * channelCount, height: height)
    let hasAlpha = channelCount == 2 || channelCount == 4
    return DecodedImage(
      image: Image(
        width: width, height: height, colorModel: channelCount < 3 ? .gray : .rgb,
        samples: hasAlpha ? try droppingAlpha(samples, channelCount: channelCount) : samples),
      warnings: colorSpaceWarnings(header, profile: profile))
  }

  /// Reads the IHDR chunk, which must come first, and checks the size in it.
  ///
  /// - Throws: ``ImageError`` of kind `unknownFormat`, `corruptData` or `tooLarge`.
  static func header(of bytes: [UInt8]) throws(ImageError) -> ImageHeader {
    guard recognizes(bytes) else {
      throw ImageError(.unknownFormat, "it does not begin with the PNG signature")
    }
    guard bytes.count >= 26, bytes[12..<16].elementsEqual("IHDR".utf8) else {
      throw ImageError(.corruptData, "the PNG data are damaged: the header is missing")
    }
    func bigEndian(at offset: Int) -> Int {
      bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    let (width, height) = (bigEndian(at: 16), bigEndian(at: 20))
    try ImageLimits.check(width: width, height: height)
    // Bit 1 of the colour type says that there is colour; a palette's type has it too.
    return ImageHeader(
      width: width, height: height, colorModel: bytes[25] & 2 == 0 ? .gray : .rgb)
  }

  private static func readHeader(
    _ bytes: [UInt8]
  ) throws(ImageError) -> (CLibPNGShims_Header, profile: [UInt8]) {
    var header = CLibPNGShims_Header()
    var profile: [UInt8] = []
    let status = unsafe withUnsafeMutablePointer(to: &profile) { profile in
      unsafe CLibPNGShims_readHeader(bytes, bytes.count, &header, profile, appendToByteArray)
    }
    try check(status, .corruptData, "the PNG data are damaged")
    return (header, profile)
  }

  private static func readSamples(
    _ bytes: [UInt8], stride: Int, height: Int
  ) throws(ImageError) -> [UInt8] {
    let count = stride * height
    var status = CLibPNGShims_Status()
    // Memory that is not touched before the library fills it costs a hostile header nothing.
    let samples = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      status = unsafe CLibPNGShims_readSamples(bytes, bytes.count, buffer.baseAddress, stride)
      initializedCount = status.failed ? 0 : count
    }
    try check(status, .corruptData, "the PNG data are damaged")
    return samples
  }

  /// Writes a PNG file: 8-bit grey or RGB, not interlaced, the same bytes for the same picture.
  ///
  /// - Throws: ``ImageError`` of kind `unsupported` when libpng refuses, as for lack of memory.
  public static func encode(_ image: Image) throws(ImageError) -> [UInt8] {
    var bytes: [UInt8] = []
    guard let width = UInt32(exactly: image.width), let height = UInt32(exactly: image.height)
    else {
      throw ImageError(.unsupported, "\(image.width)×\(image.height) pixels are too many for PNG")
    }
    let status = unsafe withUnsafeMutablePointer(to: &bytes) { bytes in
      unsafe CLibPNGShims_write(
        image.samples, width, height, UInt32(image.channelCount), bytes, appendToByteArray)
    }
    try check(status, .unsupported, "PNG cannot hold the picture")
    return bytes
  }

  private static func check(
    _ status: CLibPNGShims_Status, _ kind: ImageError.Kind, _ sentence: String
  ) throws(ImageError) {
    guard status.failed else { return }
    let text = unsafe withUnsafeBytes(of: status.message) {
      unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    throw ImageError(kind, "\(sentence): \(text)")
  }

  /// Takes away alpha that is 255 everywhere.
  private static func droppingAlpha(
    _ samples: [UInt8], channelCount: Int
  ) throws(ImageError) -> [UInt8] {
    let colorCount = channelCount - 1
    var colors = [UInt8](repeating: 0, count: samples.count / channelCount * colorCount)
    var position = 0
    for start in stride(from: 0, to: samples.count, by: channelCount) {
      guard samples[start + colorCount] == 255 else {
        throw ImageError(
          .unsupported,
          "it has transparent pixels and only opaque pictures are supported: "
            + "flatten it onto a background first")
      }
      for channel in 0..<colorCount {
        colors[position] = samples[start + channel]
        position += 1
      }
    }
    return colors
  }
}

/// Appends to the `[UInt8]` that `context` points to; has the type of a C sink.
private func appendToByteArray(
  context: UnsafeMutableRawPointer?, bytes: UnsafePointer<UInt8>?, count: Int
) {
  guard let array = unsafe context?.assumingMemoryBound(to: [UInt8].self) else { return }
  unsafe array.pointee.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
}
