#if AVIF
  import CLibAVIF
  import Codecs

  /// The owner of one libavif encoder, good for one picture.
  @safe struct AVIFEncoder: ~Copyable {
    private let pointer: UnsafeMutablePointer<avifEncoder>

    init() throws(CodecError) {
      guard let pointer = unsafe avifEncoderCreate() else {
        throw CodecError(.unavailable, "libavif has no memory for its state")
      }
      unsafe self.pointer = unsafe pointer
    }

    deinit {
      unsafe avifEncoderDestroy(pointer)
    }

    /// Codes planes with libaom on one thread, at a constant quantizer.
    func encode(
      _ image: borrowing AVIFImage, quantizer: Int, speed: Int32, tune: String
    ) throws(CodecError) -> EncodedImage {
      unsafe pointer.pointee.codecChoice = AVIF_CODEC_CHOICE_AOM
      unsafe pointer.pointee.maxThreads = 1
      unsafe pointer.pointee.speed = speed
      unsafe pointer.pointee.minQuantizer = 0
      unsafe pointer.pointee.maxQuantizer = 63
      for (key, value) in [("end-usage", "q"), ("cq-level", "\(quantizer)"), ("tune", tune)] {
        // From version 1 on the call has a result, which encoding would report again.
        _ = unsafe avifEncoderSetCodecSpecificOption(pointer, key, value)
      }
      var output = unsafe avifRWData()
      defer { unsafe avifRWDataFree(&output) }
      let status = unsafe avifEncoderWrite(pointer, image.pointer, &output)
      guard status == AVIF_RESULT_OK else { throw CodecError(encoding: status) }
      let bytes = unsafe Array(UnsafeBufferPointer(start: output.data, count: output.size))
      let payload = unsafe pointer.pointee.ioStats.colorOBUSize
      return EncodedImage(
        bytes: bytes, sections: [.init(.header, bytes.count - payload), .init(.payload, payload)])
    }
  }

  extension CodecError {
    /// What libavif says when it does not encode.
    init(encoding status: avifResult) {
      self.init(
        .encodingFailed, unsafe "libavif refused: \(String(cString: avifResultToString(status)))",
        code: Int(status.rawValue))
    }
  }
#endif
