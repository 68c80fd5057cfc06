import Imaging

/// A codec whose work another process does, so that it must say itself what a call cost.
///
/// The harness times a call on the calling thread. That is right for a library in the same process
/// and wrong for a child process: the thread only waits, and what it waits for includes writing and
/// reading files that belong to neither encoder nor decoder.
public protocol SelfTimedCodec: Codec {
  /// Codes a picture as ``Codec/encode(_:at:)`` does, and says what it cost.
  func measuredEncode(
    _ image: Image, at quality: Quality
  ) throws(CodecError) -> (EncodedImage, CallDuration)

  /// Decodes a picture as ``Codec/decode(_:)`` does, and says what it cost.
  func measuredDecode(_ bytes: [UInt8]) throws(CodecError) -> (Image, CallDuration)
}

extension SelfTimedCodec {
  /// Codes a picture and forgets what it cost.
  public func encode(_ image: Image, at quality: Quality) throws(CodecError) -> EncodedImage {
    try measuredEncode(image, at: quality).0
  }

  /// Decodes a picture and forgets what it cost.
  public func decode(_ bytes: [UInt8]) throws(CodecError) -> Image {
    try measuredDecode(bytes).0
  }

  /// Codes a picture and says what it cost.
  public func timedEncode(
    _ image: Image, at quality: Quality
  ) throws(CodecError) -> (EncodedImage, CallDuration?) {
    try measuredEncode(image, at: quality)
  }

  /// Decodes a picture and says what it cost.
  public func timedDecode(_ bytes: [UInt8]) throws(CodecError) -> (Image, CallDuration?) {
    try measuredDecode(bytes)
  }
}

/// What one call cost, by two clocks.
public struct CallDuration: Sendable, Equatable {
  /// Seconds of the wall clock.
  public let wallSeconds: Double
  /// Seconds of processor time, of all threads and child processes together.
  public let processorSeconds: Double

  /// Wraps two durations.
  public init(wallSeconds: Double, processorSeconds: Double) {
    self.wallSeconds = wallSeconds
    self.processorSeconds = processorSeconds
  }
}
