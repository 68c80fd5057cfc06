import TestSupport
import Codecs
import Foundation
import Imaging
import JPEG2000Codec
import Testing

@Suite struct JPEG2000CodecTests {
  private let codec: any Codec

  init() throws {
    codec = try JPEG2000Codec.provider.codec()
  }

  /// The coding style of a codestream (COD, ISO/IEC 15444-1 A.6.1).
  private struct CodingStyle {
    let layerCount: Int
    let usesComponentTransform: Bool
    let decompositionCount: Int
    let isReversible: Bool

    init(_ bytes: [UInt8]) throws {
      let start = try #require(
        bytes.indices.dropLast(14).first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0x52 })
      layerCount = Int(bytes[start + 6]) << 8 | Int(bytes[start + 7])
      usesComponentTransform = bytes[start + 8] == 1
      decompositionCount = Int(bytes[start + 9])
      isReversible = bytes[start + 13] == 1
    }
  }

  @Test func `RGB is coded with the 9/7 wavelet and the component transform`() throws {
    let image = TestPicture.discs(width: 64, height: 48)
    let style = try CodingStyle(codec.encode(image, at: .value(1)).bytes)
    #expect(!style.isReversible && style.usesComponentTransform)
    #expect(style.layerCount == 1 && style.decompositionCount == 5)
  }

  @Test func `grey is coded without the component transform`() throws {
    let image = TestPicture.discs(width: 64, height: 48, colorModel: .gray)
    let style = try CodingStyle(codec.encode(image, at: .value(1)).bytes)
    #expect(!style.isReversible && !style.usesComponentTransform)
    #expect(try codec.decode(codec.encode(image, at: .value(1)).bytes).colorModel == .gray)
  }

  @Test(arguments: [(1, 1, 0), (1, 300, 0), (2, 9, 1), (31, 64, 4), (32, 32, 5), (500, 40, 5)])
  func `small pictures have fewer resolutions`(
    width: Int, height: Int, decompositionCount: Int
  ) throws {
    let image = TestPicture.discs(width: width, height: height)
    let style = try CodingStyle(codec.encode(image, at: .value(1)).bytes)
    #expect(style.decompositionCount == decompositionCount)
  }

  @Test(arguments: [0.25, 0.5, 1, 1.5], Image.ColorModel.allCases)
  func `the rate is bits per pixel of the picture, whatever its channels`(
    bitsPerPixel: Double, colorModel: Image.ColorModel
  ) throws {
    let image = TestPicture.discs(width: 384, height: 256, colorModel: colorModel)
    let byteCount = try codec.encode(image, at: .value(bitsPerPixel)).bytes.count
    let budget = bitsPerPixel * Double(image.pixelCount) / 8
    // OpenJPEG leaves the markers around the tile (SOT, SOD, EOC: 16 bytes) out of its budget.
    #expect(Double(byteCount) <= budget + 16)
    #expect(Double(byteCount) > budget * 0.97)
  }

  @Test(arguments: [30.0, 36, 42])
  func `mode=psnr reaches the decibels it is asked for`(decibels: Double) throws {
    let codec = try JPEG2000Codec.provider.codec(["mode": "psnr"])
    let image = TestPicture.discs(width: 256, height: 192)
    let decoded = try codec.decode(codec.encode(image, at: .value(decibels)).bytes)
    let psnr = 10 * log10(255 * 255 / meanSquaredError(decoded, image))
    #expect(abs(psnr - decibels) < 1, "\(psnr)")
    #expect(codec.descriptor.qualityScale?.unit == "dB")
  }

  @Test func `a codestream that lost its end marker or a tile-part is refused`() throws {
    let image = TestPicture.discs(width: 64, height: 48)
    let bytes = try codec.encode(image, at: .value(1)).bytes
    let withoutEnd = Array(bytes.dropLast(2))
    let headerEnd = try #require(
      bytes.indices.dropLast().first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0x90 })
    let withoutTile = Array(bytes[..<headerEnd]) + [0xFF, 0xD9]
    for damaged in [withoutEnd, withoutTile, bytes + [0]] {
      let error = #expect(throws: CodecError.self) {
        try codec.decode(damaged)
      }
      #expect(error?.kind == .corruptData)
    }
  }
}
