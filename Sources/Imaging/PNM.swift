/// Reads and writes Netpbm grey maps and pixel maps with samples from 0 to 255.
///
/// The format is that of the Netpbm manual pages pgm(5) and ppm(5). Reading takes the binary kinds
/// P5 and P6 and the plain ones P2 and P3, with comments; writing makes P5 or P6. A file holds one
/// picture.
public enum PNM {
  /// Whether these bytes begin as a Netpbm file does, of a supported kind or not.
  public static func recognizes(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 3, bytes[0] == UInt8(ascii: "P") else { return false }
    return (UInt8(ascii: "1")...UInt8(ascii: "7")).contains(bytes[1]) && isSpace(bytes[2])
  }

  /// Reads a grey map or a pixel map.
  ///
  /// - Throws: ``ImageError`` of kind `unknownFormat` for other bytes, `unsupported` for bitmaps,
  ///   PAM and a largest value other than 255, `corruptData` where samples are missing, out of
  ///   range, or followed by more bytes, `tooLarge` for a size beyond ``ImageLimits``.
  public static func decode(_ bytes: [UInt8]) throws(ImageError) -> DecodedImage {
    var parser = PNMParser(bytes, position: 2)
    let header = try Self.header(of: bytes, &parser)
    let (width, height, colorModel) = (header.width, header.height, header.colorModel)
    let isPlain = try kind(of: bytes[1]).isPlain
    let maximum = try parser.number("largest value")
    guard maximum == 255 else {
      throw ImageError(
        .unsupported, "its largest value is \(maximum) and only 255 is supported: convert it first")
    }
    let count = width * height * colorModel.channelCount
    let samples = try isPlain ? parser.plainSamples(count) : parser.binarySamples(count)
    return DecodedImage(
      image: Image(width: width, height: height, colorModel: colorModel, samples: samples))
  }

  /// Reads kind and size at the beginning of a file.
  ///
  /// - Throws: ``ImageError`` of kind `unknownFormat`, `unsupported`, `corruptData` or `tooLarge`.
  static func header(of bytes: [UInt8]) throws(ImageError) -> ImageHeader {
    var parser = PNMParser(bytes, position: 2)
    return try header(of: bytes, &parser)
  }

  private static func header(
    of bytes: [UInt8], _ parser: inout PNMParser
  ) throws(ImageError) -> ImageHeader {
    guard recognizes(bytes) else {
      throw ImageError(.unknownFormat, "it does not begin as a PNM file does")
    }
    let colorModel = try kind(of: bytes[1]).0
    let width = try parser.number("width")
    let height = try parser.number("height")
    try ImageLimits.check(width: width, height: height)
    return ImageHeader(width: width, height: height, colorModel: colorModel)
  }

  /// Writes a binary grey map (P5) or pixel map (P6): a header of three lines, then the samples.
  public static func encode(_ image: Image) -> [UInt8] {
    let kind = image.colorModel == .gray ? "P5" : "P6"
    let header = Array("\(kind)\n\(image.width) \(image.height)\n255\n".utf8)
    return header + image.samples
  }

  private static func kind(
    of character: UInt8
  ) throws(ImageError) -> (Image.ColorModel, isPlain: Bool) {
    switch character {
    case UInt8(ascii: "2"): return (.gray, isPlain: true)
    case UInt8(ascii: "3"): return (.rgb, isPlain: true)
    case UInt8(ascii: "5"): return (.gray, isPlain: false)
    case UInt8(ascii: "6"): return (.rgb, isPlain: false)
    default:
      throw ImageError(
        .unsupported,
        "it is a PNM file of kind P\(Unicode.Scalar(character)) and only the grey and RGB kinds "
          + "P2, P3, P5 and P6 are supported")
    }
  }
}

/// Whether a byte is white space as Netpbm defines it.
private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

/// Reads the tokens of a Netpbm file one after the other.
private struct PNMParser {
  private let bytes: [UInt8]
  private var position: Int

  init(_ bytes: [UInt8], position: Int) {
    self.bytes = bytes
    self.position = position
  }

  /// Skips white space and comments, then reads a decimal number.
  mutating func number(_ name: String) throws(ImageError) -> Int {
    skipSpaceAndComments()
    var value: Int?
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
      let (product, overflowed) = (value ?? 0).multipliedReportingOverflow(by: 10)
      let (sum, overflowedToo) = product.addingReportingOverflow(Int(bytes[position] - 0x30))
      guard !overflowed, !overflowedToo else { throw damaged("its \(name) is absurdly large") }
      value = sum
      position += 1
    }
    guard let value else { throw damaged("its \(name) is missing") }
    return value
  }

  /// The rest of a binary file, which begins after one white space.
  mutating func binarySamples(_ count: Int) throws(ImageError) -> [UInt8] {
    guard position < bytes.count, isSpace(bytes[position]) else {
      throw damaged("the samples are missing")
    }
    let found = bytes.count - position - 1
    guard found == count else {
      throw damaged("it has \(found) bytes of samples instead of \(count)")
    }
    return Array(bytes[(position + 1)...])
  }

  /// The rest of a plain file: numbers between white space.
  mutating func plainSamples(_ count: Int) throws(ImageError) -> [UInt8] {
    // Each number takes a digit and a separator, so a shorter file cannot hold `count` of them.
    guard count <= bytes.count - position else { throw damaged("it has too few samples") }
    var samples: [UInt8] = []
    samples.reserveCapacity(count)
    for _ in 0..<count {
      guard let sample = UInt8(exactly: try number("next sample")) else {
        throw damaged("a sample is larger than 255")
      }
      samples.append(sample)
    }
    skipSpaceAndComments()
    guard position == bytes.count else { throw damaged("bytes follow the last sample") }
    return samples
  }

  private mutating func skipSpaceAndComments() {
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "#") {
        while position < bytes.count, bytes[position] != 0x0A, bytes[position] != 0x0D {
          position += 1
        }
      } else if isSpace(bytes[position]) {
        position += 1
      } else {
        return
      }
    }
  }

  private func damaged(_ message: String) -> ImageError {
    ImageError(.corruptData, "the PNM data are damaged: \(message)")
  }
}
