import Codecs
import Imaging

/// A codec for tests of the store: keeps the mean of each row and channel, so that its files are smaller
/// than the pictures, and counts its calls.
struct RowMeanCodec: Codec {
  let encodes = Counter()
  let decodes = Counter()
  var version = "1"
  var isOwnCode = false

  var descriptor: CodecDescriptor {
    CodecDescriptor(
      id: "row-mean", displayName: "Row means", library: "tests", libraryVersion: version,
      parameters: .none,
      qualityScale: QualityScale(
        name: "bits", unit: "", range: 1...8, step: 1, direction: .higherIsBetter,
        recommendedSweep: [2, 4, 8]),
      fileExtension: "rows", origin: isOwnCode ? .ownCode : .foreignLibrary,
      bytesDependOnBuild: isOwnCode)
  }

  func encode(_ image: Image, at quality: Quality) throws(CodecError) -> EncodedImage {
    encodes.increment()
    let bits = Int(try descriptor.validate(quality) ?? 8)
    var bytes = [image.width, image.height, image.channelCount].map { UInt8($0) }
    for row in 0..<image.height {
      for channel in 0..<image.channelCount {
        var sum = 0
        for column in 0..<image.width {
          sum += Int(image.samples[(row * image.width + column) * image.channelCount + channel])
        }
        bytes.append(UInt8(sum / image.width) & UInt8(truncatingIfNeeded: 0xFF00 >> bits))
      }
    }
    return EncodedImage(
      bytes: bytes, sections: [.init(.header, 3), .init(.payload, bytes.count - 3)])
  }

  func decode(_ bytes: [UInt8]) throws(CodecError) -> Image {
    decodes.increment()
    let (width, height, channels) = (
      Int(bytes[0]), Int(bytes[1]), Int(bytes[2])
    )
    var samples: [UInt8] = []
    for row in 0..<height {
      let means = bytes[(3 + row * channels)..<(3 + (row + 1) * channels)]
      for _ in 0..<width { samples += means }
    }
    return Image(
      width: width, height: height, colorModel: channels == 1 ? .gray : .rgb, samples: samples)
  }
}
