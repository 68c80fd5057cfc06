#if HEIC
  import CLibHEIF
  import Codecs
  import Imaging

  /// The owner of a libheif file in memory, good for one picture.
  @safe struct HEIFContext: ~Copyable {
    let pointer: OpaquePointer

    init() throws(CodecError) {
      guard let pointer = unsafe heif_context_alloc() else {
        throw CodecError(.unavailable, "libheif has no memory for its state")
      }
      unsafe self.pointer = unsafe pointer
      // Decoding on the calling thread.
      unsafe heif_context_set_max_decoding_threads(pointer, 0)
    }

    deinit {
      unsafe heif_context_free(pointer)
    }

    /// The bytes of the file with the picture that was coded into it.
    func write() throws(CodecError) -> [UInt8] {
      var writer = unsafe heif_writer(writer_api_version: 1) { _, data, size, userData in
        let success = unsafe heif_error(
          code: heif_error_Ok, subcode: heif_suberror_Unspecified, message: nil)
        guard let data = unsafe data, let userData = unsafe userData else {
          return unsafe success
        }
        let incoming = unsafe UnsafeRawBufferPointer(start: data, count: size)
        unsafe userData.assumingMemoryBound(to: [UInt8].self).pointee.append(contentsOf: incoming)
        return unsafe success
      }
      var bytes: [UInt8] = []
      let status = unsafe withUnsafeMutablePointer(to: &bytes) { bytes in
        unsafe heif_context_write(pointer, &writer, bytes)
      }
      try unsafe check(status, .encodingFailed)
      return bytes
    }

    /// Decodes the primary picture, after its declared size has been checked.
    func decode(_ bytes: [UInt8]) throws(CodecError) -> Image {
      try unsafe bytes.withUnsafeBufferPointer { buffer throws(CodecError) in
        // The context keeps this pointer, so everything happens while it is valid.
        try unsafe check(
          heif_context_read_from_memory_without_copy(
            pointer, buffer.baseAddress, buffer.count, nil),
          .corruptData)
        return try HEIFHandle(self).decode(HEVCConfiguration(bytes).colorModel)
      }
    }
  }

  /// Turns a result of libheif into an error unless it is a success.
  func check(_ status: heif_error, _ kind: CodecError.Kind) throws(CodecError) {
    guard unsafe status.code != heif_error_Ok else { return }
    let text = unsafe status.message.map { unsafe String(cString: $0) } ?? "no reason given"
    let message =
      kind == .corruptData ? "the HEIC data are damaged: \(text)" : "libheif refused: \(text)"
    let isTooLarge = unsafe status.subcode == heif_suberror_Security_limit_exceeded
    throw CodecError(
      isTooLarge ? .limitExceeded : kind, message, code: unsafe Int(status.code.rawValue))
  }
#endif
