import Foundation

/// One end of a connected socket on which frames travel.
///
/// A frame is the four bytes `rdbW`, the length of its head (32 bits) and of its body (64 bits), both
/// little-endian, then the head as JSON and the body as it is. Whatever else arrives is an error:
/// lengths beyond the limits, a head of another shape, an end in the middle of a frame.
final class FrameChannel {
  /// Why no frame came or went.
  enum Failure: Error, Equatable {
    /// The other end is gone.
    case closed
    /// The deadline passed.
    case timedOut
    /// What arrived is no frame.
    case malformed
  }

  /// The largest head, in bytes.
  static let maximumHeadLength = 1 << 20
  /// The largest body, in bytes: the samples of the largest picture, or coded bytes of that order.
  static let maximumBodyLength = 1 << 30

  private static let magic = Array("rdbW".utf8)
  private static let prefixLength = 16

  /// The socket, owned by this value.
  let descriptor: Int32

  /// Takes over a socket.
  init(owning descriptor: Int32) {
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Sends one frame.
  func send(
    _ head: some Encodable, body: [UInt8] = [], before deadline: ContinuousClock.Instant? = nil
  ) throws(Failure) {
    guard let json = try? JSONEncoder().encode(head), json.count <= Self.maximumHeadLength else {
      throw .malformed
    }
    var prefix = Self.magic
    prefix += (0..<4).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) }
    prefix += (0..<8).map { UInt8(truncatingIfNeeded: body.count >> (8 * $0)) }
    try send(prefix + json, before: deadline)
    try send(body, before: deadline)
  }

  /// Receives one frame.
  func receive<Head: Decodable>(
    _ type: Head.Type, before deadline: ContinuousClock.Instant? = nil
  ) throws(Failure) -> (head: Head, body: [UInt8]) {
    let prefix = try bytes(Self.prefixLength, before: deadline)
    let headLength = prefix[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let bodyLength = prefix[8..<16].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard prefix.starts(with: Self.magic), headLength <= Self.maximumHeadLength,
      bodyLength <= Self.maximumBodyLength
    else { throw .malformed }
    let json = try bytes(headLength, before: deadline)
    guard let head = try? JSONDecoder().decode(Head.self, from: Data(json)) else {
      throw .malformed
    }
    return (head, try bytes(Int(bodyLength), before: deadline))
  }

  private func send(_ bytes: [UInt8], before deadline: ContinuousClock.Instant?) throws(Failure) {
    var sent = 0
    while sent < bytes.count {
      // The flag, or on macOS the socket's option, keeps a dead peer from raising SIGPIPE.
      let rest = bytes[sent...]
      let count = unsafe rest.withUnsafeBytes {
        unsafe Foundation.send(descriptor, $0.baseAddress, $0.count, Self.sendFlags)
      }
      if count >= 0 { sent += count } else { try wait(for: POLLOUT, before: deadline) }
    }
  }

  private func bytes(
    _ count: Int, before deadline: ContinuousClock.Instant?
  ) throws(Failure) -> [UInt8] {
    var failure: Failure?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count, failure == nil {
        let rest = unsafe UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[filled..<count])
        let received = unsafe recv(descriptor, rest.baseAddress, rest.count, Int32(MSG_DONTWAIT))
        if received > 0 { filled += received }
        if received == 0 { failure = .closed }
        if received < 0 {
          do throws(Failure) { try wait(for: POLLIN, before: deadline) } catch { failure = error }
        }
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Waits after a call that did not succeed until another attempt is worth while.
  private func wait(
    for event: Int32, before deadline: ContinuousClock.Instant?
  ) throws(Failure) {
    guard errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR else { throw .closed }
    var milliseconds: Int32 = -1
    if let deadline {
      let seconds = ContinuousClock.now.duration(to: deadline) / .seconds(1)
      guard seconds > 0 else { throw .timedOut }
      milliseconds = Int32(min(1000 * seconds + 1, 1e9))
    }
    var poller = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    unsafe poll(&poller, 1, milliseconds)
  }

  #if os(Linux)
    private static let sendFlags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
  #else
    private static let sendFlags = Int32(MSG_DONTWAIT)
  #endif
}
