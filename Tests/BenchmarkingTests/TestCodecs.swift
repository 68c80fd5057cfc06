import Codecs
import Foundation
import Imaging

/// A codec for tests: stores the picture with its lowest bits cleared, and misbehaves on demand.
struct TestCodec: Codec {
  enum Behaviour: String, Sendable {
    case works
    case encodeFails
    case decodeFails
    case decodesToAnotherSize
    case describesSections
  }

  var behaviour = Behaviour.works
  /// Called at each encode, so that a test can act in the middle of a run.
  var onEncode: @Sendable () -> Void = {}
  /// Called with the quality of each encode.
  var onEncodeAt: @Sendable (Double) -> Void = { _ in }

  var descriptor: CodecDescriptor {
    CodecDescriptor(
      id: behaviour.rawValue, displayName: "Test", library: "tests", libraryVersion: "1",
      parameters: .none,
      qualityScale: QualityScale(
        name: "bits", unit: "", range: 0...8, step: 1, direction: .higherIsBetter,
        recommendedSweep: [2, 4, 6]),
      fileExtension: "test")
  }

  func encode(_ image: Image, at quality: Quality) throws(CodecError) -> EncodedImage {
    onEncode()
    if behaviour == .encodeFails { throw error(.encodingFailed, "it never encodes") }
    let bits = try descriptor.validate(quality) ?? 8
    onEncodeAt(bits)
    let mask = UInt8(truncatingIfNeeded: 0xFF << (8 - Int(bits)))
    let kept = Image(
      width: image.width, height: image.height, colorModel: image.colorModel,
      samples: image.samples.map { $0 & mask })
    let header: [UInt8] = [behaviour == .decodeFails ? 1 : 0]
    let payload = PNM.encode(kept)
    let sections: [EncodedImage.Section] =
      behaviour == .describesSections ? [.init(.header, 1), .init(.codes, payload.count)] : []
    return EncodedImage(bytes: header + payload, sections: sections)
  }

  func decode(_ bytes: [UInt8]) throws(CodecError) -> Image {
    guard bytes.first == 0 else { throw error(.corruptData, "it never decodes") }
    if behaviour == .decodesToAnotherSize {
      return Image(width: 1, height: 1, colorModel: .gray, samples: [0])
    }
    do throws(ImageError) {
      return try PNM.decode(Array(bytes.dropFirst())).image
    } catch {
      throw self.error(.corruptData, error.message)
    }
  }

  private func error(_ kind: CodecError.Kind, _ message: String) -> CodecError {
    CodecError(codec: behaviour.rawValue, kind: kind, message: message)
  }
}
