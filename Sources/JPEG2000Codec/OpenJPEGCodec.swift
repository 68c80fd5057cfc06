import COpenJPEG
import Codecs

/// The owner of one OpenJPEG encoder or decoder, good for one picture.
@safe struct OpenJPEGCodec: ~Copyable {
  enum Role { case encoder, decoder }

  private let pointer: UnsafeMutablePointer<opj_codec_t?>
  private let messages = MessageLog()

  init(_ role: Role) throws(CodecError) {
    let created =
      unsafe role == .encoder
      ? opj_create_compress(OPJ_CODEC_J2K) : opj_create_decompress(OPJ_CODEC_J2K)
    guard let pointer = unsafe created else {
      throw CodecError(.unavailable, "OpenJPEG has no memory for its state")
    }
    unsafe self.pointer = unsafe pointer
    let context = unsafe messages.context
    unsafe opj_set_error_handler(pointer, collectMessage, context)
    // Warnings of a decoder tell of damaged data; those of an encoder have no consequence.
    if role == .decoder { unsafe opj_set_warning_handler(pointer, collectMessage, context) }
    // Without this the library takes the number of threads from an environment variable.
    unsafe opj_codec_set_threads(pointer, 0)
  }

  deinit {
    unsafe opj_destroy_codec(pointer)
  }

  func encode(
    _ image: borrowing OpenJPEGImage, _ parameters: inout opj_cparameters_t
  ) throws(CodecError) -> [UInt8] {
    let stream = try MemoryStream(writing: ())
    let isDone =
      unsafe opj_setup_encoder(pointer, &parameters, image.pointer) != 0
      && opj_start_compress(pointer, image.pointer, stream.pointer) != 0
      && opj_encode(pointer, stream.pointer) != 0
      && opj_end_compress(pointer, stream.pointer) != 0
    guard isDone else { throw CodecError(.encodingFailed, "OpenJPEG refused\(messages.summary)") }
    return stream.finish()
  }

  func decode(_ bytes: [UInt8]) throws(CodecError) -> OpenJPEGImage {
    let stream = try MemoryStream(reading: bytes)
    var parameters = opj_dparameters_t()
    unsafe opj_set_default_decoder_parameters(&parameters)
    var image: UnsafeMutablePointer<opj_image_t>?
    let hasHeader =
      unsafe opj_setup_decoder(pointer, &parameters) != 0
      && opj_decoder_set_strict_mode(pointer, 1) != 0
      && opj_read_header(stream.pointer, pointer, &image) != 0
    guard let image = unsafe image else { throw corrupt() }
    let owner = unsafe OpenJPEGImage(owning: image)
    let isDone =
      unsafe hasHeader && opj_decode(pointer, stream.pointer, owner.pointer) != 0
      && opj_end_decompress(pointer, stream.pointer) != 0
    guard isDone, messages.isEmpty else { throw corrupt() }
    return owner
  }

  private func corrupt() -> CodecError {
    CodecError(.corruptData, "the JPEG 2000 data are damaged\(messages.summary)")
  }
}

/// Collects what the library has to say instead of letting it print.
private final class MessageLog {
  private var lines: [String] = []

  var isEmpty: Bool { lines.isEmpty }

  /// The first message, which names the cause; those after it report consequences.
  var summary: String { lines.first.map { ": \($0)" } ?? "" }

  /// Valid as long as the log lives.
  var context: UnsafeMutableRawPointer { unsafe Unmanaged.passUnretained(self).toOpaque() }

  func append(_ text: String) {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    if !line.isEmpty { lines.append(line) }
  }
}

/// Has the type of the library's message callback; `context` is a `MessageLog`.
private func collectMessage(text: UnsafePointer<CChar>?, context: UnsafeMutableRawPointer?) {
  guard let text = unsafe text, let context = unsafe context else { return }
  let log = unsafe Unmanaged<MessageLog>.fromOpaque(context).takeUnretainedValue()
  log.append(unsafe String(cString: text))
}
