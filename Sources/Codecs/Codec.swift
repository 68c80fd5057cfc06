import Imaging

/// One image codec in one fixed configuration.
///
/// Only ``Quality`` is swept; everything else (subsampling, effort, wavelet, model) is fixed when
/// the value is made and is named in ``CodecDescriptor/parameters``. A codec keeps no state between
/// calls, touches no file, starts no thread and prints nothing. Both calls may be made from several
/// threads at once.
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
  /// - Parameter encoded: bytes that may come from anywhere; `sections` is never read.
  /// - Throws: ``CodecError`` of kind `corruptData` for truncated or damaged bytes, and
  ///   `limitExceeded` for a size beyond `ImageLimits`, before memory is taken for it.
  func decode(_ encoded: EncodedImage) throws(CodecError) -> Image
}
