import Foundation
import Imaging
import Testing

/// The pattern of the fixtures, as `Scripts/fixtures/png.py` defines it.
private func pattern(width: Int = 16, height: Int = 12, channelCount: Int = 3) -> [UInt8] {
  pixels(width: width, height: height) { x, y in
    (0..<channelCount).map { UInt8((7 * x + 13 * y + 50 * $0) % 256) }
  }
}

/// Samples in row-major order.
private func pixels(width: Int, height: Int, pixel: (Int, Int) -> [UInt8]) -> [UInt8] {
  var samples: [UInt8] = []
  for y in 0..<height {
    for x in 0..<width { samples += pixel(x, y) }
  }
  return samples
}

/// The bytes of a fixture.
func fixture(_ name: String) throws -> [UInt8] {
  let folder = try #require(Bundle.module.resourceURL).appending(path: "Fixtures")
  return Array(try Data(contentsOf: folder.appending(path: name)))
}

@Suite struct PNGTests {
  private func refusal(_ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation)
    -> ImageError?
  {
    #expect(throws: ImageError.self, sourceLocation: sourceLocation) { try PNG.decode(bytes) }
  }

  @Test(arguments: [
    "rgb.png", "interlaced.png", "gamma.png", "chrm-srgb.png", "srgb-chrm-wide.png",
    "icc-srgb.png", "icc-srgb-sampled.png", "rgba-opaque.png", "rgb-key-unused.png",
  ])
  func `samples are read as numbers and without a warning`(name: String) throws {
    let decoded = try PNG.decode(fixture(name))
    #expect(
      decoded.image == Image(width: 16, height: 12, colorModel: .rgb, samples: pattern()))
    #expect(decoded.warnings.isEmpty)
  }

  @Test(arguments: ["chrm-wide.png", "icc-p3.png", "icc-gamma-1.8.png"])
  func `another colour space is warned about and changes nothing`(name: String) throws {
    let decoded = try PNG.decode(fixture(name))
    #expect(decoded.image.samples == pattern())
    #expect(decoded.warnings.count == 1)
    #expect(decoded.warnings[0].hasPrefix(name.hasPrefix("icc") ? "its ICC" : "its cHRM"))
  }

  @Test(arguments: ["gray.png", "gray-alpha-opaque.png"])
  func `grey stays one channel`(name: String) throws {
    #expect(
      try PNG.decode(fixture(name)).image
        == Image(width: 16, height: 12, colorModel: .gray, samples: pattern(channelCount: 1)))
  }

  @Test(arguments: [1, 2, 4])
  func `grey of few bits is expanded to the full range`(depth: Int) throws {
    let maximum = 1 << depth - 1
    let expected = pixels(width: 16, height: 12) { x, y in
      [UInt8((x + y) % (1 << depth) * 255 / maximum)]
    }
    #expect(try PNG.decode(fixture("gray-\(depth)bit.png")).image.samples == expected)
  }

  @Test(arguments: [
    ("palette-1bit.png", 2), ("palette-4bit.png", 16), ("palette-8bit.png", 32),
    ("palette-opaque.png", 32),
  ])
  func `a palette is expanded to RGB`(name: String, count: Int) throws {
    let palette = pattern(width: count, height: 1)
    let expected = pixels(width: 16, height: 12) { x, y in
      Array(palette[(3 * ((x + y) % count))...].prefix(3))
    }
    let image = try PNG.decode(fixture(name)).image
    #expect(image.colorModel == .rgb && image.samples == expected)
  }

  @Test(arguments: [(1, 1), (1, 17), (17, 1)])
  func `the thinnest pictures are read`(width: Int, height: Int) throws {
    #expect(
      try PNG.decode(fixture("\(width)x\(height).png")).image
        == Image(
          width: width, height: height, colorModel: .rgb,
          samples: pattern(width: width, height: height)))
  }

  @Test(arguments: [
    "rgba-transparent.png", "gray-alpha-transparent.png", "palette-transparent.png",
    "rgb-key-used.png",
  ])
  func `transparency is refused with one sentence`(name: String) throws {
    #expect(
      refusal(try fixture(name))
        == ImageError(
          .unsupported,
          "it has transparent pixels and only opaque pictures are supported: "
            + "flatten it onto a background first"))
  }

  @Test(arguments: ["rgb-16bit.png", "gray-16bit.png"])
  func `16 bits are refused with one sentence`(name: String) throws {
    #expect(
      refusal(try fixture(name))
        == ImageError(
          .unsupported, "it has 16 bits per sample and only 8 are supported: convert it first"))
  }

  @Test func `sizes are refused before memory is taken`() throws {
    let huge = refusal(try fixture("huge.png"))
    #expect(huge?.kind == .tooLarge)
    #expect(
      huge?.message
        == "the header declares 100000×100000 pixels, more than the limit of 268435456 pixels")
    #expect(refusal(try fixture("empty.png"))?.kind == .corruptData)
    #expect(refusal(try fixture("text.png"))?.kind == .unknownFormat)
    #expect(refusal([])?.kind == .unknownFormat)
  }

  @Test(arguments: ["rgb.png", "interlaced.png", "gray-1bit.png", "icc-p3.png"])
  func `every truncation is refused, never half a picture`(name: String) throws {
    let bytes = try fixture(name)
    for count in 0..<bytes.count {
      let error = refusal(Array(bytes.prefix(count)))
      #expect(error?.kind == (count < 8 ? .unknownFormat : .corruptData), "\(count) bytes")
    }
    #expect(refusal(try fixture("missing-rows.png"))?.kind == .corruptData)
  }

  @Test func `a flipped bit anywhere is refused`() throws {
    // Each byte of a PNG file is in the signature, or in a chunk's length, or under its checksum.
    let bytes = try fixture("gamma.png")
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= 1 << UInt8(index % 8)
      #expect(throws: ImageError.self, "byte \(index)") { try PNG.decode(damaged) }
    }
  }

  @Test(arguments: Image.ColorModel.allCases)
  func `what is written is read back, and the bytes are the same each time`(
    colorModel: Image.ColorModel
  ) throws {
    for (width, height) in [(1, 1), (1, 17), (17, 1), (61, 43)] {
      let image = Image(
        width: width, height: height, colorModel: colorModel,
        samples: pattern(width: width, height: height, channelCount: colorModel.channelCount))
      let bytes = try PNG.encode(image)
      #expect(try PNG.decode(bytes) == DecodedImage(image: image))
      #expect(try PNG.encode(image) == bytes)
    }
  }
}
