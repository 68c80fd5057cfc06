#if AVIF
  import CLibAVIF
  import Codecs
  import Imaging

  /// The owner of one libavif decoder, good for one file.
  @safe struct AVIFDecoder: ~Copyable {
    private let pointer: UnsafeMutablePointer<avifDecoder>

    init() throws(CodecError) {
      guard let pointer = unsafe avifDecoderCreate() else {
        throw CodecError(.unavailable, "libavif has no memory for its state")
      }
      unsafe self.pointer = unsafe pointer
    }

    deinit {
      unsafe avifDecoderDestroy(pointer)
    }

    /// Decodes one opaque picture on one thread, in libavif's strict mode.
    ///
    /// The boxes are read and the size in them is checked before a pixel is decoded.
    func decode(_ bytes: [UInt8]) throws(CodecError) -> Image {
      unsafe pointer.pointee.maxThreads = 1
      unsafe pointer.pointee.strictFlags = avifStrictFlags(AVIF_STRICT_ENABLED.rawValue)
      // Only the primary picture: an animation's tracks are another codec's business.
      try check(unsafe avifDecoderSetSource(pointer, AVIF_DECODER_SOURCE_PRIMARY_ITEM))
      return try unsafe bytes.withUnsafeBufferPointer { buffer throws(CodecError) in
        // The decoder keeps this pointer, so everything happens while it is valid.
        try check(unsafe avifDecoderSetIOMemory(pointer, buffer.baseAddress, buffer.count))
        try check(unsafe avifDecoderParse(pointer))
        guard let image = unsafe pointer.pointee.image else {
          throw CodecError(decoding: AVIF_RESULT_NO_CONTENT)
        }
        try Self.checkSize(
          width: unsafe Int(image.pointee.width), height: unsafe Int(image.pointee.height))
        guard unsafe pointer.pointee.alphaPresent == AVIF_FALSE,
          unsafe image.pointee.transformFlags == AVIF_TRANSFORM_NONE.rawValue
        else {
          throw CodecError(
            .corruptData, "the AVIF data are damaged: they have transparency or are rotated")
        }
        try check(unsafe avifDecoderNextImage(pointer))
        return try unsafe AVIFImage.picture(image)
      }
    }

    private static func checkSize(width: Int, height: Int) throws(CodecError) {
      do {
        try ImageLimits.check(width: width, height: height)
      } catch {
        throw CodecError(codec: AVIFCodec.id, decoding: error)
      }
    }

    private func check(_ status: avifResult) throws(CodecError) {
      guard status != AVIF_RESULT_OK else { return }
      // libavif has no code of its own for a size beyond its limit, which is that of ImageLimits.
      let details = unsafe withUnsafeBytes(of: pointer.pointee.diag.error) {
        unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard !details.contains("too large") else {
        throw CodecError(
          .limitExceeded, "the AVIF data declare too large a size: \(details)",
          code: Int(status.rawValue))
      }
      throw CodecError(decoding: status)
    }
  }

  extension CodecError {
    /// What libavif says when it does not decode.
    init(decoding status: avifResult) {
      self.init(
        .corruptData,
        unsafe "the AVIF data are damaged: \(String(cString: avifResultToString(status)))",
        code: Int(status.rawValue))
    }
  }
#endif
