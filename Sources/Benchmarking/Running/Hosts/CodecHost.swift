import Codecs
import Imaging

/// The place where a codec's two calls are carried out and timed: this process or another.
///
/// A host belongs to one job and is used by one thread at a time.
protocol CodecHost {
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
struct Timed<Value: Sendable>: Sendable {
  /// What the codec returned.
  var value: Value
  /// The call's wall-clock and processor time.
  var time: Stopwatch.Reading
}

/// Why a call gave nothing: the status and the message of the row.
struct CallFailure: Error, Equatable {
  /// Any status but `ok`.
  let status: ResultRow.Status
  /// One sentence without a full stop, of at most 1000 characters.
  let message: String

  /// Makes a failure; a longer message is cut.
  init(status: ResultRow.Status, message: String) {
    self.status = status
    self.message = String(message.prefix(1000))
  }
}
