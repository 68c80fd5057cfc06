import Codecs
import Imaging

/// Calls codecs in this process, on the calling thread.
struct InProcessHost: CodecHost {
  func encode(
    _ image: Image, with codec: any Codec, at quality: Quality
  ) throws(CallFailure) -> Timed<EncodedImage> {
    try timed(failingAs: .encodeFailed) { () throws(CodecError) in
      try codec.encode(image, at: quality)
    }
  }

  func decode(_ bytes: [UInt8], with codec: any Codec) throws(CallFailure) -> Timed<Image> {
    try timed(failingAs: .decodeFailed) { () throws(CodecError) in
      try codec.decode(EncodedImage(bytes: bytes))
    }
  }

  private func timed<Value: Sendable>(
    failingAs status: ResultRow.Status, _ call: () throws(CodecError) -> Value
  ) throws(CallFailure) -> Timed<Value> {
    let stopwatch = Stopwatch()
    do throws(CodecError) {
      let value = try call()
      return Timed(value: value, time: stopwatch.reading)
    } catch {
      throw CallFailure(status: status, message: error.message)
    }
  }
}
