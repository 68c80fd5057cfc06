import TestSupport
import Codecs
import Imaging
import Testing
import WebPCodec

@Suite struct WebPCodecTests {
  private let image = TestPicture.discs(width: 192, height: 128)

  private func byteCount(_ overrides: [String: String]) throws -> Int {
    try WebPCodec.provider.codec(overrides).encode(image, at: .value(60)).bytes.count
  }

  @Test func `the default is the slowest and smallest method`() throws {
    #expect(try byteCount([:]) == byteCount(["method": "6"]))
    #expect(try byteCount([:]) < byteCount(["method": "0"]))
  }

  @Test func `files are lossy and complete`() throws {
    let bytes = try WebPCodec.provider.codec().encode(image, at: .value(100)).bytes
    #expect(bytes[12..<16].elementsEqual("VP8 ".utf8))
  }

  @Test func `sharp YUV changes the bytes and keeps saturated edges better`() throws {
    // A red square on grey whose edges fall between chroma samples.
    let samples = (0..<64 * 64).flatMap { index -> [UInt8] in
      let isInside = (17..<46).contains(index % 64) && (17..<46).contains(index / 64)
      return isInside ? [220, 20, 30] : [128, 128, 128]
    }
    let image = Image(width: 64, height: 64, colorModel: .rgb, samples: samples)
    let errors = try ["false", "true"].map { value in
      let codec = try WebPCodec.provider.codec(["sharp_yuv": value])
      return meanSquaredError(try codec.decode(codec.encode(image, at: .value(95)).bytes), image)
    }
    #expect(errors[1] < errors[0], "\(errors)")
  }

  @Test func `a grey picture comes back as RGB that is grey but for rounding`() throws {
    let gray = TestPicture.discs(width: 64, height: 48, colorModel: .gray)
    let codec = try WebPCodec.provider.codec()
    let decoded = try codec.decode(codec.encode(gray, at: .value(90)).bytes)
    #expect(decoded.colorModel == .rgb)
    #expect(meanSquaredError(decoded.asGray(), gray) < 20)
    let spread = stride(from: 0, to: decoded.samples.count, by: 3).map { start in
      let pixel = decoded.samples[start..<start + 3]
      return Int(pixel.max() ?? 0) - Int(pixel.min() ?? 0)
    }
    #expect(spread.allSatisfy { $0 <= 2 })
  }

  @Test func `a picture beyond 16,383 pixels is refused with a sentence`() throws {
    let wide = TestPicture.constant(9, width: 16_384, height: 1)
    let codec = try WebPCodec.provider.codec()
    let error = #expect(throws: CodecError.self) { try codec.encode(wide, at: .value(50)) }
    #expect(error?.kind == .unsupportedImage)
    #expect(
      error?.message == "WebP holds at most 16383 pixels each way and the picture has 16384×1")
  }

  @Test func `a file longer than it declares is refused`() throws {
    let codec = try WebPCodec.provider.codec()
    let bytes = try codec.encode(image, at: .value(10)).bytes
    let error = #expect(throws: CodecError.self) {
      try codec.decode(bytes + [0])
    }
    #expect(error?.kind == .corruptData)
  }
}
