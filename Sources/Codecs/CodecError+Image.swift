import Imaging

extension CodecError {
  /// Turns a refused size or picture into the codec's error.
  ///
  /// - Parameters:
  ///   - codec: the codec's id.
  ///   - error: what `ImageLimits` or a picture reader threw while decoding.
  public init(codec: String, decoding error: ImageError) {
    self.init(
      codec: codec, kind: error.kind == .tooLarge ? .limitExceeded : .corruptData,
      message: error.message)
  }
}
