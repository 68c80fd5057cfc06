import Codecs
import Imaging
import LearnedCodecs
import Testing

@testable import ContentWeightedCodec

/// A picture of one's own in the place of the network's importance map.
@Suite struct SteeringTests {
  private let image = Fixtures.picture(64, 40)

  /// A map that is white in its left half and black in its right.
  private func halves(width: Int, height: Int) -> Image {
    let row = (0..<width).map { UInt8($0 < width / 2 ? 255 : 0) }
    return Image(
      width: width, height: height, colorModel: .gray,
      samples: (0..<height).flatMap { _ in row })
  }

  private func levels(_ bytes: [UInt8], _ codec: ContentWeightedCodec) throws -> [UInt8] {
    try codec.read(bytes).latent(for: codec.model).levels
  }

  @Test(arguments: [(64, 40), (8, 5), (2, 1), (640, 400)])
  func `white sends everything and black as little as can be`(size: (Int, Int)) throws {
    let codec = try Fixtures.codec("lambda")
    let map = halves(width: size.0, height: size.1)
    let encoded = try codec.encode(image, at: .value(0.6), importance: map)
    let most = UInt8(codec.model.configuration.importanceLevelCount - 1)
    let expected = (0..<5).flatMap { _ in (0..<8).map { $0 < 4 ? most : 0 } }
    #expect(try levels(encoded.bytes, codec) == expected)
    let decoded = try codec.decode(encoded.bytes)
    #expect((decoded.width, decoded.height) == (64, 40))
  }

  @Test func `brighter maps make larger files`() throws {
    let codec = try Fixtures.codec("lambda")
    let sizes = try [0, 90, 180, 255].map { value in
      let map = Image(width: 1, height: 1, colorModel: .gray, samples: [UInt8(value)])
      return try codec.encode(image, at: .value(0.6), importance: map).bytes.count
    }
    #expect(sizes == sizes.sorted() && Set(sizes).count == sizes.count, "\(sizes)")
  }

  @Test func `what has no map, or chooses it itself, refuses`() throws {
    let map = halves(width: 2, height: 1)
    for (codec, quality) in [
      (try Fixtures.codec("maps"), 0.6), (try Fixtures.codec("lambda", ["mode": "rate"]), 0.5),
    ] {
      let error = #expect(throws: CodecError.self) {
        try codec.encode(image, at: .value(quality), importance: map)
      }
      #expect(error?.kind == .invalidParameter)
    }
  }
}
