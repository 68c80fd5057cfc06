import Codecs
import Imaging

/// Calls codecs in this process, on the calling thread.
struct InProcessHost: CodecHost {
  /// Whether a call's processor time is that of all threads, for a process with nothing else to do.
  var isAlone = false

  func encode(
    _ image: Image, with codec: any Codec, at quality: Quality
  ) throws(CallFailure) -> Timed<EncodedImage> {
    try timed(failingAs: .encodeFailed) { () throws(CodecError) in
      guard let codec = codec as? any SelfTimedCodec else {
        return (try codec.encode(image, at: quality), nil)
      }
      return try codec.timedEncode(image, at: quality)
    }
  }

  func decode(_ bytes: [UInt8], with codec: any Codec) throws(CallFailure) -> Timed<Image> {
    try timed(failingAs: .decodeFailed) { () throws(CodecError) in
      let encoded = EncodedImage(bytes: bytes)
      guard let codec = codec as? any SelfTimedCodec else {
        return (try codec.decode(encoded), nil)
      }
      return try codec.timedDecode(encoded)
    }
  }

  /// Makes a call; what the codec reports of itself counts in place of the stopwatch.
  private func timed<Value: Sendable>(
    failingAs status: ResultRow.Status, _ call: () throws(CodecError) -> (Value, CallDuration?)
  ) throws(CallFailure) -> Timed<Value> {
    let stopwatch = Stopwatch(countsWholeProcess: isAlone)
    do throws(CodecError) {
      let (value, duration) = try call()
      let reading = duration.map {
        Stopwatch.Reading(wall: $0.wallSeconds, cpu: $0.processorSeconds)
      }
      return Timed(value: value, time: reading ?? stopwatch.reading)
    } catch {
      throw CallFailure(
        status: error.kind == .timedOut ? .timedOut : status, message: error.message)
    }
  }
}
