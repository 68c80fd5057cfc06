import CodecWorkers
import Codecs
import Imaging
import Results
import Statistics

/// Times the calls of an image's measurements several times, in an order drawn anew each time.
///
/// The measurements themselves have been the warm-up. In each round every codec encodes and decodes
/// once at every quality, all calls of the image in one shuffled order, so that a machine which
/// grows warmer or busier does not favour whoever comes first. The order depends on the image and
/// the round alone.
struct TimingRounds {
  /// The seed of all orders.
  static let seed: UInt64 = 1

  /// The image.
  let original: Image
  /// Where the codecs run.
  let host: any CodecHost
  /// How often each call is timed.
  let count: Int

  private enum Call: CaseIterable { case encode, decode }

  /// Times all calls and puts medians and deviations into the rows that are `ok` and new; those of
  /// the store have theirs.
  ///
  /// - Parameter isStopped: whether to give up; the rows are then of no use.
  /// - Returns: wall-clock seconds of the calls.
  func time(_ measured: inout [MeasuredRow], unless isStopped: () -> Bool) -> Double {
    let whole = Stopwatch()
    var encodings = [[Stopwatch.Reading]](repeating: [], count: measured.count)
    var decodings = encodings
    var random = RandomSource(
      seed: Self.seed, name: measured.first?.row.subject.imageSHA256 ?? "")
    for _ in 0..<count {
      for (index, call) in order(of: measured.count, &random) {
        if isStopped() { return whole.reading.wall }
        let entry = measured[index]
        guard entry.row.status == .ok, entry.isNew, let bytes = entry.bytes else { continue }
        do throws(CallFailure) {
          switch call {
          case .encode:
            encodings[index].append(
              try host.encode(original, with: entry.codec, at: entry.row.subject.quality).time)
          case .decode:
            decodings[index].append(try host.decode(bytes, with: entry.codec).time)
          }
        } catch {
          measured[index].failRepeated(error)
        }
      }
    }
    for index in measured.indices where measured[index].row.status == .ok && measured[index].isNew {
      measured[index].row.timing = ResultRow.Timing(
        encodings: encodings[index], decodings: decodings[index])
    }
    return whole.reading.wall
  }

  /// Every call of a round, shuffled (Fisher and Yates).
  private func order(of count: Int, _ random: inout RandomSource) -> [(Int, Call)] {
    var calls = (0..<count).flatMap { index in Call.allCases.map { (index, $0) } }
    for last in calls.indices.dropFirst().reversed() {
      calls.swapAt(last, random.integer(in: 0..<(last + 1)))
    }
    return calls
  }
}

extension ResultRow.Timing {
  /// Medians and median absolute deviations of repeated readings.
  init(encodings: [Stopwatch.Reading], decodings: [Stopwatch.Reading]) {
    self.init(
      encodeSeconds: median(encodings.map(\.wall)),
      encodeCPUSeconds: Self.middle(ofAll: encodings.map(\.cpu)),
      decodeSeconds: median(decodings.map(\.wall)),
      decodeCPUSeconds: Self.middle(ofAll: decodings.map(\.cpu)))
    encodeDeviation = medianAbsoluteDeviation(encodings.map(\.wall))
    decodeDeviation = medianAbsoluteDeviation(decodings.map(\.wall))
  }

  /// The median of values that are all known, else `nil`.
  private static func middle(ofAll values: [Double?]) -> Double? {
    let known = values.compactMap(\.self)
    return known.count == values.count ? median(known) : nil
  }
}
