#if JPEGXL
  import CLibJXL
  import Codecs
  import Imaging

  /// The owner of one libjxl encoder, good for one picture.
  @safe struct JPEGXLEncoder: ~Copyable {
    private let pointer: OpaquePointer

    init() throws(CodecError) {
      guard let pointer = unsafe JxlEncoderCreate(nil) else {
        throw CodecError(.unavailable, "libjxl has no memory for its state")
      }
      unsafe self.pointer = unsafe pointer
    }

    deinit {
      unsafe JxlEncoderDestroy(pointer)
    }

    /// Codes a picture; without a parallel runner the library stays on this thread.
    func encode(_ image: Image, distance: Float, effort: Int64) throws(CodecError) -> [UInt8] {
      try describe(image)
      // The settings belong to the encoder, which frees them.
      guard let settings = unsafe JxlEncoderFrameSettingsCreate(pointer, nil) else {
        throw CodecError(.encodingFailed, "libjxl has no memory for the settings")
      }
      try check(unsafe JxlEncoderSetFrameDistance(settings, distance))
      try check(
        unsafe JxlEncoderFrameSettingsSetOption(settings, JXL_ENC_FRAME_SETTING_EFFORT, effort))
      var format = JxlPixelFormat(
        num_channels: UInt32(image.channelCount), data_type: JXL_TYPE_UINT8,
        endianness: JXL_NATIVE_ENDIAN, align: 0)
      try check(
        unsafe JxlEncoderAddImageFrame(settings, &format, image.samples, image.samples.count))
      unsafe JxlEncoderCloseInput(pointer)
      return try output()
    }

    /// Declares size, depth and sRGB, and that the pixels may be coded as XYB.
    private func describe(_ image: Image) throws(CodecError) {
      var info = JxlBasicInfo()
      unsafe JxlEncoderInitBasicInfo(&info)
      info.xsize = UInt32(image.width)
      info.ysize = UInt32(image.height)
      info.bits_per_sample = 8
      info.num_color_channels = UInt32(image.channelCount)
      info.uses_original_profile = JXL_FALSE
      try check(unsafe JxlEncoderSetBasicInfo(pointer, &info))
      var color = JxlColorEncoding()
      unsafe JxlColorEncodingSetToSRGB(&color, image.colorModel == .gray ? JXL_TRUE : JXL_FALSE)
      try check(unsafe JxlEncoderSetColorEncoding(pointer, &color))
    }

    /// Runs the encoder, chunk by chunk.
    private func output() throws(CodecError) -> [UInt8] {
      var bytes: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 1 << 16)
      while true {
        var status = JXL_ENC_ERROR
        var available = chunk.count
        unsafe chunk.withUnsafeMutableBufferPointer { buffer in
          var next = buffer.baseAddress
          status = unsafe JxlEncoderProcessOutput(pointer, &next, &available)
        }
        bytes += chunk.prefix(chunk.count - available)
        if status == JXL_ENC_SUCCESS { return bytes }
        guard status == JXL_ENC_NEED_MORE_OUTPUT else { throw failure }
      }
    }

    private func check(_ status: JxlEncoderStatus) throws(CodecError) {
      guard status == JXL_ENC_SUCCESS else { throw failure }
    }

    private var failure: CodecError {
      let code = unsafe Int(JxlEncoderGetError(pointer).rawValue)
      let reasons = [
        1: "a failure that it does not explain", 2: "out of memory",
        4: "the samples are not valid", 0x80: "a feature it does not have",
        0x81: "it was not used as it must be",
      ]
      return CodecError(
        .encodingFailed, "libjxl refused: \(reasons[code] ?? "code \(code)")", code: code)
    }
  }
#endif
