import Codecs
import Foundation
import Imaging

/// Codecs that do everything a codec must not do, each under the name of its misbehaviour.
///
/// They are for tests of isolation and verification and are in no product.
public struct HostileCodec: Codec {
  /// What the codec does.
  public enum Behaviour: String, CaseIterable, Sendable {
    /// Stores the picture as it is: the control.
    case works
    /// Writes to address 0 while it encodes.
    case crashes
    /// Writes to address 0 while it decodes.
    case crashesDecoding = "crashes-decoding"
    /// Stops with a failed precondition, as Swift code does.
    case traps
    /// Ends the process as if all were well.
    case exits
    /// Never comes back from encoding.
    case hangs
    /// Starts a program that never ends, and waits for it.
    case waits
    /// Fills memory without end.
    case allocates
    /// Prints much to standard output and then works.
    case prints
    /// Decodes to another size.
    case shrinks
    /// Writes noise to every open socket, then works.
    case scribbles
    /// Closes every open descriptor, then hangs.
    case closes
    /// Refuses with a message longer than any frame's head may be.
    case rambles
    /// Adds a byte that is another one at each call.
    case wavers
    /// Decodes to other pixels at each call.
    case flickers
    /// Works as long as one thread at a time uses it.
    case collides
    /// Adds its parameter to the bytes, as if it were the number of threads.
    case varies
  }

  /// All of them.
  public static let registry = CodecRegistry(
    Behaviour.allCases.map { behaviour in
      CodecProvider(
        id: behaviour.rawValue, summary: "misbehaves for tests",
        parameters: [
          CodecParameter("variant", .integer(0...9), default: "0", help: "means nothing")
        ], recognizes: { _ in false }
      ) { parameters throws(CodecError) in
        HostileCodec(behaviour: behaviour, parameters: parameters)
      }
    } + [RawCodec.provider, WrappingCodec.provider])

  /// What this one does.
  public let behaviour: Behaviour
  /// Identity, parameters and quality scale.
  public let descriptor: CodecDescriptor

  private init(behaviour: Behaviour, parameters: CodecParameters) {
    self.behaviour = behaviour
    descriptor = CodecDescriptor(
      id: behaviour.rawValue, displayName: behaviour.rawValue, library: "tests",
      libraryVersion: "1", parameters: parameters,
      qualityScale: QualityScale(
        name: "quality", unit: "", range: 0...100, step: 1, direction: .higherIsBetter,
        recommendedSweep: [50]),
      fileExtension: "bad")
  }

  /// Stores the picture, or misbehaves.
  public func encode(_ image: Image, at quality: Quality) throws(CodecError) -> EncodedImage {
    switch behaviour {
    case .crashes: Misbehaviour.crash()
    case .traps: preconditionFailure("the codec made a mistake")
    case .exits: exit(0)
    case .hangs: Misbehaviour.hang()
    case .waits: Misbehaviour.waitForProgram()
    case .allocates: Misbehaviour.allocate()
    case .prints: Misbehaviour.printMuch()
    case .scribbles: Misbehaviour.scribble()
    case .closes: Misbehaviour.closeEverything()
    case .rambles:
      throw CodecError(
        codec: descriptor.id, kind: .encodingFailed,
        message: String(repeating: "blah ", count: 1 << 19))
    case .wavers: return EncodedImage(bytes: PNM.encode(image) + [Misbehaviour.nextByte()])
    case .varies:
      return EncodedImage(bytes: PNM.encode(image) + descriptor.parameters["variant"].utf8)
    case .collides: return EncodedImage(bytes: SharedState.pass(PNM.encode(image)))
    case .works, .crashesDecoding, .shrinks, .flickers: break
    }
    let bytes = PNM.encode(image)
    return EncodedImage(
      bytes: bytes, sections: [.init(.header, 1), .init(.payload, bytes.count - 1)])
  }

  /// Reads the picture, or misbehaves.
  public func decode(_ bytes: [UInt8]) throws(CodecError) -> Image {
    switch behaviour {
    case .crashesDecoding: Misbehaviour.crash()
    case .shrinks: return Image(width: 1, height: 1, colorModel: .gray, samples: [0])
    default: break
    }
    let hasTail = behaviour == .wavers || behaviour == .varies
    do throws(ImageError) {
      let image = try PNM.decode(hasTail ? Array(bytes.dropLast()) : bytes).image
      guard behaviour == .flickers else { return image }
      return Image(
        width: image.width, height: image.height, colorModel: image.colorModel,
        samples: [Misbehaviour.nextByte()] + image.samples.dropFirst())
    } catch {
      throw CodecError(codec: descriptor.id, decoding: error)
    }
  }
}
