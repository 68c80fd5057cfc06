#if HEIC
  import CLibHEIF
  import Codecs

  /// The owner of libheif's HEVC encoder, which must be x265.
  @safe struct HEIFEncoder: ~Copyable {
    private let pointer: OpaquePointer
    /// How the encoder calls itself, such as `x265 HEVC encoder (3.5)`.
    let name: String

    /// - Throws: `CodecError` of kind `unavailable` where libheif has no x265.
    init(_ context: borrowing HEIFContext) throws(CodecError) {
      var created: OpaquePointer?
      let status = unsafe heif_context_get_encoder_for_format(
        context.pointer, heif_compression_HEVC, &created)
      guard unsafe status.code == heif_error_Ok, let pointer = unsafe created else {
        throw CodecError(.unavailable, "this libheif has no HEVC encoder")
      }
      let name = unsafe String(cString: heif_encoder_get_name(pointer))
      guard name.contains("x265") else {
        unsafe heif_encoder_release(pointer)
        throw CodecError(.unavailable, "this libheif encodes HEVC with \(name) and not with x265")
      }
      unsafe self.pointer = unsafe pointer
      self.name = name
    }

    deinit {
      unsafe heif_encoder_release(pointer)
    }

    /// Sets quality and parameters, and one thread, so that the bytes do not depend on the machine.
    func configure(quality: Int32, _ parameters: CodecParameters) throws(CodecError) {
      try unsafe check(heif_encoder_set_lossy_quality(pointer, quality), .encodingFailed)
      let settings = [
        ("chroma", parameters["subsampling"]), ("preset", parameters["preset"]),
        ("tune", parameters["tune"]), ("x265:pools", "none"), ("x265:frame-threads", "1"),
      ]
      for (name, value) in settings {
        try unsafe check(heif_encoder_set_parameter(pointer, name, value), .encodingFailed)
      }
    }

    /// Codes a picture and makes it the file's only one.
    func encode(
      _ image: borrowing HEIFImage, into context: borrowing HEIFContext
    ) throws(CodecError) {
      guard let options = unsafe heif_encoding_options_alloc() else {
        throw CodecError(.encodingFailed, "libheif has no memory for its options")
      }
      defer { unsafe heif_encoding_options_free(options) }
      guard let profile = unsafe heif_nclx_color_profile_alloc() else {
        throw CodecError(.encodingFailed, "libheif has no memory for the colour profile")
      }
      defer { unsafe heif_nclx_color_profile_free(profile) }
      unsafe profile.pointee.color_primaries = heif_color_primaries_ITU_R_BT_709_5
      unsafe profile.pointee.transfer_characteristics =
        heif_transfer_characteristic_IEC_61966_2_1
      unsafe profile.pointee.matrix_coefficients = heif_matrix_coefficients_ITU_R_BT_601_6
      unsafe profile.pointee.full_range_flag = 1
      unsafe options.pointee.output_nclx_profile = unsafe profile
      // An odd size is then a crop of the even one and not a grid with one tile.
      unsafe options.pointee.macOS_compatibility_workaround = 0
      try unsafe check(
        heif_context_encode_image(context.pointer, image.pointer, pointer, options, nil),
        .encodingFailed)
    }
  }
#endif
