import Imaging

/// One image codec in one fixed configuration.
///
/// Only ``Quality`` is swept; everything else (subsampling, effort, wavelet, model) is fixed when
/// the value is made and is named in ``CodecDescriptor/parameters``. A codec keeps nothing between
/// calls that changes a result, uses as many threads as ``CodecDescriptor/threadCount`` says, touches
/// no file and prints nothing. Its calls may be made from several threads at once.
public protocol Codec: Sendable {
  /// Who the codec is: identity, library, parameters and quality scale.
  var descriptor: CodecDescriptor { get }

  /// Codes a picture.
  ///
  /// - Parameters:
  ///   - image: 8-bit grey or RGB of any size from 1×1.
  ///   - quality: a value on the codec's own scale, ``Quality/fixed`` where it has none.
  /// - Returns: all the bytes that ``decode(_:)`` needs.
  /// - Throws: ``CodecError`` when the quality is off the scale or the library refuses.
  func encode(_ image: Image, at quality: Quality) throws(CodecError) -> EncodedImage

  /// Decodes a picture from its bytes alone.
  ///
  /// The result has the size of the original and its colour model, with one exception: a codec
  /// whose format has no grey mode, such as WebP, returns RGB for a grey original. Whoever compares
  /// that with the original takes it back to grey with `Image.asGray()`.
  ///
  /// - Parameter bytes: bytes that may come from anywhere.
  /// - Throws: ``CodecError`` of kind `corruptData` for truncated or damaged bytes, and
  ///   `limitExceeded` for a size beyond `ImageLimits`, before memory is taken for it.
  func decode(_ bytes: [UInt8]) throws(CodecError) -> Image

  /// Codes a picture as ``encode(_:at:)`` does, and says what it cost.
  ///
  /// The harness times a call on the calling thread. That is right for a library in the same process
  /// and wrong for work that other processes do (``SelfTimedCodec``).
  ///
  /// - Returns: the coded picture, and `nil` where the harness's clock says what the call cost.
  func timedEncode(
    _ image: Image, at quality: Quality
  ) throws(CodecError) -> (EncodedImage, CallDuration?)

  /// Decodes a picture as ``decode(_:)`` does, and says what it cost, as
  /// ``timedEncode(_:at:)``.
  func timedDecode(_ bytes: [UInt8]) throws(CodecError) -> (Image, CallDuration?)

  /// Draws what the codec sends beside the picture itself, such as an importance map.
  ///
  /// - Parameter bytes: bytes of ``encode(_:at:)``.
  /// - Returns: pictures with names that differ, none when these bytes have no side information.
  /// - Throws: ``CodecError`` as ``decode(_:)``.
  func sideInformation(in bytes: [UInt8]) throws(CodecError) -> [SideInformationPicture]
}

extension Codec {
  /// Codes a picture and leaves the clock to the harness.
  public func timedEncode(
    _ image: Image, at quality: Quality
  ) throws(CodecError) -> (EncodedImage, CallDuration?) {
    (try encode(image, at: quality), nil)
  }

  /// Decodes a picture and leaves the clock to the harness.
  public func timedDecode(_ bytes: [UInt8]) throws(CodecError) -> (Image, CallDuration?) {
    (try decode(bytes), nil)
  }

  /// No pictures, for a codec that sends nothing worth drawing.
  public func sideInformation(in bytes: [UInt8]) throws(CodecError) -> [SideInformationPicture] {
    []
  }
}

/// A codec that a second picture can steer: it says where quality matters.
public protocol SteeredCodec: Codec {
  /// Codes a picture with an importance map of one's own.
  ///
  /// - Parameters:
  ///   - image: as for ``Codec/encode(_:at:)``.
  ///   - quality: as for ``Codec/encode(_:at:)``.
  ///   - importance: a grey picture of any size, stretched over the image; brighter is better.
  /// - Returns: all the bytes that ``Codec/decode(_:)`` needs, the map's among them.
  /// - Throws: ``CodecError`` as ``Codec/encode(_:at:)``.
  func encode(
    _ image: Image, at quality: Quality, importance: Image
  ) throws(CodecError) -> EncodedImage
}
