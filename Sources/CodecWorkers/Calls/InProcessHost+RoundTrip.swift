import Codecs
import Files
import Foundation
import Imaging

extension InProcessHost {
  package func roundTrip(
    _ image: Image, with codec: any Codec, at quality: Quality
  ) throws(CallFailure) -> RoundTrip {
    let other = image.turned()
    // What becomes of the other picture does not matter.
    let (encoded, otherEncoded) = sideBySide {
      CodecCall { () throws(CodecError) in try codec.encode(image, at: quality) }
    } and: {
      CodecCall { () throws(CodecError) in try codec.encode(other, at: quality) }
    }
    let bytes = try encoded.value(failingAs: .encodeFailed).bytes
    let otherBytes = (try? otherEncoded.result.get())?.bytes ?? bytes
    let (decoded, _) = sideBySide {
      CodecCall { () throws(CodecError) in try codec.decode(bytes) }
    } and: {
      CodecCall { () throws(CodecError) in try codec.decode(otherBytes) }
    }
    return RoundTrip(
      bitstreamSHA256: SHA256Digest.hexadecimal(of: bytes),
      pixelsDigest: SHA256Digest.pixels(of: try decoded.value(failingAs: .decodeFailed)))
  }

  /// Does two things at the same time, the second one on a thread of its own.
  private func sideBySide<Value: Sendable>(
    _ first: () -> Value, and second: @escaping @Sendable () -> Value
  ) -> (Value, Value) {
    let box = Handover<Value>()
    let start = Handover<Void>()
    let thread = Thread {
      start.put(())
      box.put(second())
    }
    thread.stackSize = 8 << 20
    thread.start()
    // A quick codec would be done before a thread has begun.
    start.take()
    let value = first()
    return (value, box.take())
  }
}

/// What a call gave.
private struct CodecCall<Value: Sendable>: Sendable {
  let result: Result<Value, CodecError>

  init(_ call: () throws(CodecError) -> Value) {
    result = Result(catching: call)
  }

  func value(failingAs kind: CallFailure.Kind) throws(CallFailure) -> Value {
    do throws(CodecError) {
      return try result.get()
    } catch {
      throw CallFailure(kind, error.message)
    }
  }
}

/// Passes one value from a thread to another.
private final class Handover<Value: Sendable>: @unchecked Sendable {
  private let condition = NSCondition()
  private var value: Value?

  func put(_ value: Value) {
    condition.withLock { self.value = value }
    condition.signal()
  }

  func take() -> Value {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if let value { return value }
      condition.wait()
    }
  }
}

extension Image {
  /// The picture turned by 180 degrees: as many pixels, other content.
  fileprivate func turned() -> Image {
    var turned: [UInt8] = []
    turned.reserveCapacity(samples.count)
    for pixel in stride(from: samples.count - channelCount, through: 0, by: -channelCount) {
      turned += samples[pixel..<(pixel + channelCount)]
    }
    return Image(width: width, height: height, colorModel: colorModel, samples: turned)
  }
}
