import Codecs
import Imaging

/// Calls codecs in this process, on the calling thread.
package struct InProcessHost: CodecHost {
  /// Whether this process does nothing else during a call.
  ///
  /// Its clock then tells a call's processor time whatever threads do the work; else only the calling
  /// thread's work can be told.
  private let isAlone: Bool

  /// Makes a host.
  ///
  /// - Parameter isAlone: whether this process has nothing else to do.
  package init(isAlone: Bool = false) {
    self.isAlone = isAlone
  }

  package func encode(
    _ image: Image, with codec: any Codec, at quality: Quality
  ) throws(CallFailure) -> Timed<EncodedImage> {
    try timed(codec, failingAs: .encodeFailed) { () throws(CodecError) in
      try codec.timedEncode(image, at: quality)
    }
  }

  package func decode(_ bytes: [UInt8], with codec: any Codec) throws(CallFailure) -> Timed<Image> {
    try timed(codec, failingAs: .decodeFailed) { () throws(CodecError) in
      try codec.timedDecode(bytes)
    }
  }

  /// Makes a call; what the codec reports of itself counts in place of the stopwatch.
  private func timed<Value: Sendable>(
    _ codec: any Codec, failingAs kind: CallFailure.Kind,
    _ call: () throws(CodecError) -> (Value, CallDuration?)
  ) throws(CallFailure) -> Timed<Value> {
    // The thread's clock is the better one where it tells all: a run writes rows beside its calls.
    let stopwatch = Stopwatch(
      codec.descriptor.worksOnCallingThread ? .thread : isAlone ? .process : nil)
    do throws(CodecError) {
      let (value, duration) = try call()
      let reading = duration.map {
        Stopwatch.Reading(wall: $0.wallSeconds, cpu: $0.processorSeconds)
      }
      return Timed(value: value, time: reading ?? stopwatch.reading)
    } catch {
      throw CallFailure(error.kind == .timedOut ? .timedOut : kind, error.message)
    }
  }
}
