#if AVIF
  import CLibAVIF
  import Codecs
  import Imaging

  /// The owner of libavif's picture: planes of luma and chroma.
  @safe struct AVIFImage: ~Copyable {
    let pointer: UnsafeMutablePointer<avifImage>

    /// Makes a picture of the same size without planes, which ``convert(_:)`` allocates.
    ///
    /// It declares sRGB, the coefficients of BT.601 and the full range.
    init(
      like image: Image, sampling: AVIFCodec.Sampling, depth: UInt32
    ) throws(CodecError) {
      let format =
        switch (image.colorModel, sampling) {
        case (.gray, _): AVIF_PIXEL_FORMAT_YUV400
        case (.rgb, .quarter): AVIF_PIXEL_FORMAT_YUV420
        case (.rgb, .half): AVIF_PIXEL_FORMAT_YUV422
        case (.rgb, .full): AVIF_PIXEL_FORMAT_YUV444
        }
      guard
        let pointer = unsafe avifImageCreate(
          UInt32(image.width), UInt32(image.height), depth, format)
      else { throw CodecError(.encodingFailed, "libavif has no memory for the picture") }
      unsafe self.pointer = unsafe pointer
      unsafe pointer.pointee.colorPrimaries = avifColorPrimaries(AVIF_COLOR_PRIMARIES_BT709)
      unsafe pointer.pointee.transferCharacteristics = avifTransferCharacteristics(
        AVIF_TRANSFER_CHARACTERISTICS_SRGB)
      unsafe pointer.pointee.matrixCoefficients = avifMatrixCoefficients(
        AVIF_MATRIX_COEFFICIENTS_BT601)
      unsafe pointer.pointee.yuvRange = AVIF_RANGE_FULL
    }

    /// Converts interleaved samples to planes.
    func convert(_ image: Image) throws(CodecError) {
      let samples = image.asRGB().samples
      let status = unsafe samples.withUnsafeBufferPointer { samples in
        // The library only reads the samples, but asks for a pointer that it could write through.
        let pixels = unsafe UnsafeMutablePointer(mutating: samples.baseAddress)
        var rgb = unsafe Self.rgbImage(pointer, pixels: pixels)
        return unsafe avifImageRGBToYUV(pointer, &rgb)
      }
      guard status == AVIF_RESULT_OK else { throw CodecError(encoding: status) }
    }

    deinit {
      unsafe avifImageDestroy(pointer)
    }

    /// Converts decoded planes to 8-bit samples.
    ///
    /// - Parameter pointer: the decoder's picture, of a size that has been checked.
    static func picture(_ pointer: UnsafePointer<avifImage>) throws(CodecError) -> Image {
      let (width, height) = unsafe (Int(pointer.pointee.width), Int(pointer.pointee.height))
      let count = 3 * width * height
      var status = AVIF_RESULT_OK
      let samples = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
        var rgb = unsafe rgbImage(pointer, pixels: buffer.baseAddress)
        status = unsafe avifImageYUVToRGB(pointer, &rgb)
        initializedCount = status == AVIF_RESULT_OK ? count : 0
      }
      guard status == AVIF_RESULT_OK else { throw CodecError(decoding: status) }
      let image = Image(width: width, height: height, colorModel: .rgb, samples: samples)
      return unsafe pointer.pointee.yuvFormat == AVIF_PIXEL_FORMAT_YUV400 ? image.asGray() : image
    }

    /// Describes interleaved 8-bit RGB samples of the picture's size.
    private static func rgbImage(
      _ image: UnsafePointer<avifImage>, pixels: UnsafeMutablePointer<UInt8>?
    ) -> avifRGBImage {
      var rgb = unsafe avifRGBImage()
      unsafe avifRGBImageSetDefaults(&rgb, image)
      unsafe rgb.depth = 8
      unsafe rgb.format = AVIF_RGB_FORMAT_RGB
      unsafe rgb.chromaUpsampling = AVIF_CHROMA_UPSAMPLING_BILINEAR
      unsafe rgb.chromaDownsampling = AVIF_CHROMA_DOWNSAMPLING_AVERAGE
      unsafe rgb.avoidLibYUV = AVIF_TRUE
      unsafe rgb.pixels = unsafe pixels
      unsafe rgb.rowBytes = unsafe 3 * image.pointee.width
      return unsafe rgb
    }
  }
#endif
