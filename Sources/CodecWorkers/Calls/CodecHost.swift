import Codecs
import Imaging

/// The place where a codec's two calls are carried out and timed: this process or another.
///
/// A host belongs to one job and is used by one thread at a time.
package protocol CodecHost {
  /// Codes a picture.
  ///
  /// - Throws: ``CallFailure`` when the codec refuses, or when its process does not survive.
  func encode(
    _ image: Image, with codec: any Codec, at quality: Quality
  ) throws(CallFailure) -> Timed<EncodedImage>

  /// Decodes a picture from its bytes alone.
  ///
  /// - Throws: ``CallFailure`` when the codec refuses, or when its process does not survive.
  func decode(_ bytes: [UInt8], with codec: any Codec) throws(CallFailure) -> Timed<Image>

  /// Codes and decodes a picture while a second thread does the same with another picture.
  ///
  /// - Throws: ``CallFailure`` when the codec refuses, or when its process does not survive.
  func roundTrip(
    _ image: Image, with codec: any Codec, at quality: Quality
  ) throws(CallFailure) -> RoundTrip
}

/// What a call gave, and how long it took from just before the call to just after it.
package struct Timed<Value: Sendable>: Sendable {
  /// What the codec returned.
  package var value: Value
  /// The call's wall-clock and processor time.
  package var time: Stopwatch.Reading
}

/// Why a call gave nothing.
package struct CallFailure: Error, Equatable {
  /// What went wrong, for programs.
  package enum Kind: Sendable {
    /// The encoder refused.
    case encodeFailed
    /// The decoder refused.
    case decodeFailed
    /// The codec's process died.
    case crashed
    /// The codec did not end in time.
    case timedOut
    /// The codec wanted more memory than it may have.
    case outOfMemory
  }

  /// What went wrong, for programs.
  package let kind: Kind
  /// One sentence without a full stop, of at most 1000 characters.
  package let message: String

  /// Makes a failure; a longer message is cut.
  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = String(message.prefix(1000))
  }
}

/// What a repeated measurement gave, as digests.
package struct RoundTrip: Codable, Equatable, Sendable {
  /// SHA-256 of the coded bytes.
  package let bitstreamSHA256: String
  /// `SHA256Digest.pixels(of:)` of the decoded picture.
  package let pixelsDigest: String
}
