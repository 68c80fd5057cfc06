import COpenJPEG
import Codecs
import Imaging

/// The owner of OpenJPEG's picture: one plane of 32-bit integers for each component.
@safe struct OpenJPEGImage: ~Copyable {
  let pointer: UnsafeMutablePointer<opj_image_t>

  /// Takes over a picture that the library has made.
  init(owning pointer: UnsafeMutablePointer<opj_image_t>) {
    unsafe self.pointer = unsafe pointer
  }

  /// Copies a picture into planes.
  init(_ image: Image) throws(CodecError) {
    var component = opj_image_cmptparm_t()
    component.dx = 1
    component.dy = 1
    component.w = UInt32(image.width)
    component.h = UInt32(image.height)
    component.prec = 8
    var components = [opj_image_cmptparm_t](repeating: component, count: image.channelCount)
    guard
      let pointer = unsafe opj_image_create(
        UInt32(image.channelCount), &components,
        image.colorModel == .gray ? OPJ_CLRSPC_GRAY : OPJ_CLRSPC_SRGB)
    else { throw CodecError(.encodingFailed, "OpenJPEG has no memory for the picture") }
    unsafe self.pointer = unsafe pointer
    unsafe pointer.pointee.x1 = UInt32(image.width)
    unsafe pointer.pointee.y1 = UInt32(image.height)
    let channelCount = image.channelCount
    for channel in 0..<channelCount {
      guard let plane = unsafe pointer.pointee.comps[channel].data else { continue }
      unsafe image.samples.withUnsafeBufferPointer { samples in
        for pixel in 0..<image.pixelCount {
          unsafe plane[pixel] = Int32(samples[pixel * channelCount + channel])
        }
      }
    }
  }

  deinit {
    unsafe opj_image_destroy(pointer)
  }

  /// Copies the planes out and rounds nothing: the library has done that and clamped to 0…255.
  ///
  /// - Throws: `CodecError` of kind `corruptData` if the planes are not as the header promised.
  func image(_ header: CodestreamHeader) throws(CodecError) -> Image {
    let channelCount = header.colorModel.channelCount
    let pixelCount = header.width * header.height
    guard unsafe Int(pointer.pointee.numcomps) == channelCount else { throw Self.inconsistent }
    var samples = [UInt8](repeating: 0, count: pixelCount * channelCount)
    for channel in 0..<channelCount {
      let component = unsafe pointer.pointee.comps[channel]
      guard unsafe Int(component.w) == header.width, unsafe Int(component.h) == header.height,
        let plane = unsafe component.data
      else { throw Self.inconsistent }
      unsafe samples.withUnsafeMutableBufferPointer { samples in
        for pixel in 0..<pixelCount {
          unsafe samples[pixel * channelCount + channel] = UInt8(clamping: plane[pixel])
        }
      }
    }
    return Image(
      width: header.width, height: header.height, colorModel: header.colorModel, samples: samples)
  }

  private static let inconsistent = CodecError(
    .corruptData, "the JPEG 2000 data are damaged: OpenJPEG decoded less than the header promises")
}
