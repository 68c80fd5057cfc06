import CodecWorkers
import Codecs
import Imaging

/// Makes an image's measurements again under other circumstances and compares bytes and pixels.
///
/// The second time the order is reversed; each call has a second thread beside it, on which the
/// same codec works on the picture turned upside down; a codec that has a parameter for its number
/// of threads gets another number; and isolated codecs work in a process that was started for this.
struct Verification {
  /// The image.
  let original: Image
  /// Where the codecs run the second time.
  let host: any CodecHost

  /// Repeats the measurements that are `ok`, and fails those that come out differently.
  ///
  /// - Parameter isStopped: whether to give up; the rows are then of no use.
  /// - Returns: wall-clock seconds of the calls.
  func verify(_ measured: inout [MeasuredRow], unless isStopped: () -> Bool) -> Double {
    let whole = Stopwatch()
    for index in measured.indices.reversed() where measured[index].row.status == .ok {
      if isStopped() { break }
      let entry = measured[index]
      let codec = entry.counterpart ?? entry.codec
      do throws(CallFailure) {
        let again = try host.roundTrip(original, with: codec, at: entry.row.subject.quality)
        if again.bitstreamSHA256 != entry.row.bitstreamSHA256 {
          measured[index].fail(
            .nondeterministic, "encoding again\(circumstance(codec, entry)) gave other bytes")
        } else if again.pixelsDigest != entry.pixelsDigest {
          measured[index].fail(
            .nondeterministic, "decoding again\(circumstance(codec, entry)) gave other pixels")
        }
      } catch {
        measured[index].failRepeated(error)
      }
    }
    return whole.reading.wall
  }

  private func circumstance(_ codec: any Codec, _ entry: MeasuredRow) -> String {
    guard entry.counterpart != nil else { return "" }
    return " with \(codec.descriptor.parameters.canonical)"
  }
}
