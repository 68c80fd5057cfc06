#if HEIC
  import CLibHEIF
  import Codecs
  import Imaging

  /// The owner of libheif's handle to the primary picture of a file.
  @safe struct HEIFHandle: ~Copyable {
    private let pointer: OpaquePointer

    init(_ context: borrowing HEIFContext) throws(CodecError) {
      var pointer: OpaquePointer?
      let status = unsafe heif_context_get_primary_image_handle(context.pointer, &pointer)
      try unsafe check(status, .corruptData)
      guard let pointer = unsafe pointer else {
        throw CodecError(.corruptData, "the HEIC data are damaged: there is no picture")
      }
      unsafe self.pointer = unsafe pointer
    }

    deinit {
      unsafe heif_image_handle_release(pointer)
    }

    /// Decodes to 8-bit samples; libheif converts colour.
    func decode(_ colorModel: Image.ColorModel) throws(CodecError) -> Image {
      let (width, height) = try checkedSize()
      guard let options = unsafe heif_decoding_options_alloc() else {
        throw CodecError(.unavailable, "libheif has no memory for its options")
      }
      defer { unsafe heif_decoding_options_free(options) }
      unsafe options.pointee.convert_hdr_to_8bit = 1
      unsafe options.pointee.strict_decoding = 1
      var decoded: OpaquePointer?
      let status =
        unsafe colorModel == .gray
        ? heif_decode_image(
          pointer, &decoded, heif_colorspace_monochrome, heif_chroma_monochrome, options)
        : heif_decode_image(
          pointer, &decoded, heif_colorspace_RGB, heif_chroma_interleaved_RGB, options)
      try unsafe check(status, .corruptData)
      guard let decoded = unsafe decoded else {
        throw CodecError(.corruptData, "the HEIC data are damaged: nothing was decoded")
      }
      return try unsafe HEIFImage(owning: decoded).picture(colorModel, width: width, height: height)
    }

    private func checkedSize() throws(CodecError) -> (width: Int, height: Int) {
      let width = unsafe Int(heif_image_handle_get_width(pointer))
      let height = unsafe Int(heif_image_handle_get_height(pointer))
      do {
        try ImageLimits.check(width: width, height: height)
        // What is coded may be larger than what is shown of it.
        try ImageLimits.check(
          width: unsafe Int(heif_image_handle_get_ispe_width(pointer)),
          height: unsafe Int(heif_image_handle_get_ispe_height(pointer)))
      } catch {
        throw CodecError(codec: HEICCodec.id, decoding: error)
      }
      guard unsafe heif_image_handle_has_alpha_channel(pointer) == 0 else {
        throw CodecError(.corruptData, "the HEIC data are damaged: they have transparency")
      }
      return (width, height)
    }
  }

  /// What the `hvcC` box (ISO/IEC 14496-15, 8.3.3.1) says of the coded samples.
  struct HEVCConfiguration {
    /// Grey for a chroma format of 0, else RGB.
    let colorModel: Image.ColorModel

    /// Looks for the box; bytes without one are left to libheif to refuse.
    init(_ bytes: [UInt8]) {
      let name = Array("hvcC".utf8)
      let start = bytes.indices.dropLast(20).first { bytes[$0..<$0 + 4].elementsEqual(name) }
      // Behind the name: version, profile, 4 + 6 bytes of flags, level, segmentation, parallelism.
      colorModel = start.map { bytes[$0 + 4 + 16] & 3 == 0 ? .gray : .rgb } ?? .rgb
    }
  }
#endif
