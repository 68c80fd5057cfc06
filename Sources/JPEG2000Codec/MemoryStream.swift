import COpenJPEG
import Codecs

/// The owner of an OpenJPEG stream that reads from an array or collects bytes in one.
@safe struct MemoryStream: ~Copyable {
  let pointer: UnsafeMutablePointer<opj_stream_t?>
  private let storage: Storage

  /// A stream that the library reads from.
  init(reading bytes: [UInt8]) throws(CodecError) {
    try self.init(Storage(bytes), isInput: true)
    unsafe opj_stream_set_user_data_length(pointer, UInt64(bytes.count))
  }

  /// A stream that the library writes to.
  init(writing: ()) throws(CodecError) {
    try self.init(Storage([]), isInput: false)
  }

  private init(_ storage: Storage, isInput: Bool) throws(CodecError) {
    guard let pointer = unsafe opj_stream_default_create(isInput ? 1 : 0) else {
      throw CodecError(.unavailable, "OpenJPEG has no memory for a stream")
    }
    unsafe self.pointer = unsafe pointer
    self.storage = storage
    unsafe opj_stream_set_user_data(pointer, Unmanaged.passUnretained(storage).toOpaque(), nil)
    unsafe opj_stream_set_read_function(pointer, readBytes)
    unsafe opj_stream_set_write_function(pointer, writeBytes)
    unsafe opj_stream_set_skip_function(pointer, skipBytes)
    unsafe opj_stream_set_seek_function(pointer, seekByte)
  }

  deinit {
    unsafe opj_stream_destroy(pointer)
  }

  /// The bytes that were written.
  func finish() -> [UInt8] { storage.bytes }

  /// The bytes and the position, reached by the callbacks through a pointer.
  fileprivate final class Storage {
    var bytes: [UInt8]
    var position = 0

    init(_ bytes: [UInt8]) {
      self.bytes = bytes
    }

    /// Moves to a position from 0 to the end; positions outside are refused.
    func move(to target: Int) -> Bool {
      guard (0...bytes.count).contains(target) else { return false }
      position = target
      return true
    }
  }
}

private func storage(_ context: UnsafeMutableRawPointer?) -> MemoryStream.Storage? {
  guard let context = unsafe context else { return nil }
  return unsafe Unmanaged<MemoryStream.Storage>.fromOpaque(context).takeUnretainedValue()
}

/// What the library's read and write callbacks return at the end: (OPJ_SIZE_T)-1.
private let endOfStream = Int(bitPattern: UInt.max)

private func readBytes(
  buffer: UnsafeMutableRawPointer?, count: Int, context: UnsafeMutableRawPointer?
) -> Int {
  guard let storage = unsafe storage(context), let buffer = unsafe buffer else {
    return endOfStream
  }
  let available = min(count, storage.bytes.count - storage.position)
  guard available > 0 else { return endOfStream }
  let end = storage.position + available
  unsafe UnsafeMutableRawBufferPointer(start: buffer, count: available)
    .copyBytes(from: storage.bytes[storage.position..<end])
  storage.position = end
  return available
}

private func writeBytes(
  buffer: UnsafeMutableRawPointer?, count: Int, context: UnsafeMutableRawPointer?
) -> Int {
  guard let storage = unsafe storage(context), let buffer = unsafe buffer else {
    return endOfStream
  }
  let incoming = unsafe UnsafeRawBufferPointer(start: buffer, count: count)
  let overwritten = min(count, storage.bytes.count - storage.position)
  unsafe storage.bytes.replaceSubrange(
    storage.position..<storage.position + overwritten, with: incoming)
  storage.position += count
  return count
}

private func skipBytes(count: Int64, context: UnsafeMutableRawPointer?) -> Int64 {
  guard let storage = unsafe storage(context),
    storage.move(to: storage.position + Int(clamping: count))
  else { return -1 }
  return count
}

private func seekByte(position: Int64, context: UnsafeMutableRawPointer?) -> OPJ_BOOL {
  guard let storage = unsafe storage(context) else { return 0 }
  return storage.move(to: Int(clamping: position)) ? 1 : 0
}
