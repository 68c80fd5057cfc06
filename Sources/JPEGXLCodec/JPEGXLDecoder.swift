#if JPEGXL
  import CLibJXL
  import Codecs
  import Imaging

  /// The owner of one libjxl decoder, good for one codestream.
  @safe struct JPEGXLDecoder: ~Copyable {
    private let pointer: OpaquePointer

    init() throws(CodecError) {
      guard let pointer = unsafe JxlDecoderCreate(nil) else {
        throw CodecError(.unavailable, "libjxl has no memory for its state")
      }
      unsafe self.pointer = unsafe pointer
    }

    deinit {
      unsafe JxlDecoderDestroy(pointer)
    }

    /// Decodes one opaque still picture to 8-bit samples of the colour space it declares.
    func decode(_ bytes: [UInt8]) throws(CodecError) -> Image {
      let events = JXL_DEC_BASIC_INFO.rawValue | JXL_DEC_FULL_IMAGE.rawValue
      guard unsafe JxlDecoderSubscribeEvents(pointer, Int32(events)) == JXL_DEC_SUCCESS else {
        throw CodecError(.unavailable, "libjxl has another interface: build rdbench again")
      }
      return try unsafe bytes.withUnsafeBufferPointer { buffer throws(CodecError) in
        // The decoder keeps this pointer, so everything happens while it is valid.
        guard
          unsafe JxlDecoderSetInput(pointer, buffer.baseAddress, buffer.count) == JXL_DEC_SUCCESS
        else { throw CodecError(corrupt: "libjxl does not take them") }
        unsafe JxlDecoderCloseInput(pointer)
        try proceed(to: JXL_DEC_BASIC_INFO)
        let (width, height, colorModel) = try size()
        let samples = try samples(count: width * height * colorModel.channelCount, of: colorModel)
        guard unsafe JxlDecoderReleaseInput(pointer) == 0 else {
          throw CodecError(corrupt: "bytes follow the picture")
        }
        return Image(width: width, height: height, colorModel: colorModel, samples: samples)
      }
    }

    private func proceed(to event: JxlDecoderStatus) throws(CodecError) {
      let status = unsafe JxlDecoderProcessInput(pointer)
      guard status != event else { return }
      throw CodecError(
        corrupt: status == JXL_DEC_NEED_MORE_INPUT ? "they end too early" : "libjxl gives up")
    }

    /// Reads the header and checks it before memory is taken.
    private func size() throws(CodecError) -> (Int, Int, Image.ColorModel) {
      var info = JxlBasicInfo()
      guard unsafe JxlDecoderGetBasicInfo(pointer, &info) == JXL_DEC_SUCCESS else {
        throw CodecError(corrupt: "the header cannot be read")
      }
      do {
        try ImageLimits.check(width: Int(info.xsize), height: Int(info.ysize))
      } catch {
        throw CodecError(codec: JPEGXLCodec.id, decoding: error)
      }
      guard info.num_extra_channels == 0, info.have_animation == JXL_FALSE,
        info.orientation == JXL_ORIENT_IDENTITY,
        let colorModel = Image.ColorModel(rawValue: Int(info.num_color_channels))
      else { throw CodecError(corrupt: "they have transparency, animation or rotation") }
      return (Int(info.xsize), Int(info.ysize), colorModel)
    }

    private func samples(count: Int, of colorModel: Image.ColorModel) throws(CodecError) -> [UInt8]
    {
      var format = JxlPixelFormat(
        num_channels: UInt32(colorModel.channelCount), data_type: JXL_TYPE_UINT8,
        endianness: JXL_NATIVE_ENDIAN, align: 0)
      try proceed(to: JXL_DEC_NEED_IMAGE_OUT_BUFFER)
      var failure: CodecError?
      // Memory that is not touched before the library fills it costs a hostile header nothing.
      let samples = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
        do throws(CodecError) {
          guard
            unsafe JxlDecoderSetImageOutBuffer(pointer, &format, buffer.baseAddress, count)
              == JXL_DEC_SUCCESS
          else { throw CodecError(corrupt: "the picture has another size than the header") }
          try proceed(to: JXL_DEC_FULL_IMAGE)
          try proceed(to: JXL_DEC_SUCCESS)
          initializedCount = count
        } catch {
          failure = error
        }
      }
      if let failure { throw failure }
      return samples
    }
  }
#endif
