#if HEIC
  import CLibHEIF
  import Codecs
  import Imaging

  /// The owner of libheif's picture: one plane of grey or of interleaved RGB.
  @safe struct HEIFImage: ~Copyable {
    let pointer: OpaquePointer

    /// Takes over a picture that the library has made.
    init(owning pointer: OpaquePointer) {
      unsafe self.pointer = unsafe pointer
    }

    /// Makes a picture of the same kind and size, to be filled by ``copySamples(of:)``.
    init(like image: Image) throws(CodecError) {
      let isGray = image.colorModel == .gray
      var created: OpaquePointer?
      let status = unsafe heif_image_create(
        Int32(image.width), Int32(image.height),
        isGray ? heif_colorspace_monochrome : heif_colorspace_RGB,
        isGray ? heif_chroma_monochrome : heif_chroma_interleaved_RGB, &created)
      try unsafe check(status, .encodingFailed)
      guard let created = unsafe created else {
        throw CodecError(.encodingFailed, "libheif has no memory for the picture")
      }
      unsafe pointer = unsafe created
    }

    /// Copies the samples in.
    func copySamples(of image: Image) throws(CodecError) {
      let channel = Self.channel(of: image.colorModel)
      try unsafe check(
        heif_image_add_plane(pointer, channel, Int32(image.width), Int32(image.height), 8),
        .encodingFailed)
      var stride: Int32 = 0
      guard let plane = unsafe heif_image_get_plane(pointer, channel, &stride) else {
        throw CodecError(.encodingFailed, "libheif has no memory for the picture")
      }
      let rowSize = image.width * image.channelCount
      unsafe image.samples.withUnsafeBytes { samples in
        for row in 0..<image.height {
          let source = unsafe UnsafeRawBufferPointer(
            rebasing: samples[row * rowSize..<(row + 1) * rowSize])
          unsafe UnsafeMutableRawBufferPointer(
            start: plane + row * Int(stride), count: rowSize
          ).copyMemory(from: source)
        }
      }
    }

    deinit {
      unsafe heif_image_release(pointer)
    }

    /// Copies the samples out.
    ///
    /// - Throws: `CodecError` of kind `corruptData` if the picture is not as the header promised.
    func picture(
      _ colorModel: Image.ColorModel, width: Int, height: Int
    ) throws(CodecError) -> Image {
      let channel = Self.channel(of: colorModel)
      var stride: Int32 = 0
      guard unsafe Int(heif_image_get_width(pointer, channel)) == width,
        unsafe Int(heif_image_get_height(pointer, channel)) == height,
        let plane = unsafe heif_image_get_plane_readonly(pointer, channel, &stride)
      else {
        throw CodecError(
          .corruptData, "the HEIC data are damaged: the picture has another size than the header")
      }
      let rowSize = width * colorModel.channelCount
      var samples: [UInt8] = []
      samples.reserveCapacity(rowSize * height)
      for row in 0..<height {
        unsafe samples.append(
          contentsOf: UnsafeBufferPointer(start: plane + row * Int(stride), count: rowSize))
      }
      return Image(width: width, height: height, colorModel: colorModel, samples: samples)
    }

    private static func channel(of colorModel: Image.ColorModel) -> heif_channel {
      colorModel == .gray ? heif_channel_Y : heif_channel_interleaved
    }
  }
#endif
