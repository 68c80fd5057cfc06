import Codecs
import Foundation
import Imaging

/// Finds the rate byte and importance scale that give a file of the wanted size.
///
/// The encoder network runs at the middle of the rate knob, where that is off at the byte that a
/// model covering a decade of rates would need, and then between the nearest rates on both sides, or
/// at the end where there is one side only, until the target is met or no byte is left between them;
/// ``maximumRuns`` times at most. What the knob cannot meet, the importance scale may: it needs no
/// network and the decoder need not know it, but it costs quality. From the nearest rate it is found
/// by bisection. A scale above 1 adds nothing where all maps are sent already, so the nearest rate
/// above is tried next.
struct RateControl {
  /// How far the file may be from the target.
  static let tolerance = 0.02
  /// How often the encoder network runs.
  static let maximumRuns = 12
  /// Where it begins.
  static let middle = RatePoint(byte: 128)

  let codec: ContentWeightedCodec
  let image: Image
  let bitsPerPixel: Double

  private struct Candidate {
    let analysis: Transforms.Analysis
    let rate: RatePoint
    let container: Container
    /// The size of the file over the wanted one.
    let ratio: Double

    /// How far off it is, in the same measure above and below.
    var distance: Double { abs(log(ratio)) }
  }

  /// Codes the picture.
  ///
  /// - Throws: `CodecError` of kind `encodingFailed` that states the nearest rate when none is
  ///   within ``tolerance``.
  func encode() throws(CodecError) -> EncodedImage {
    var best = try candidate(at: Self.middle)
    var current = best
    var (below, above): (Candidate?, Candidate?)
    for _ in 1..<Self.maximumRuns
    where !isGoodEnough(best) && codec.model.configuration.rateMode == .lambda {
      if current.ratio < 1 { below = current } else { above = current }
      guard let next = Self.nextRate(below: below, above: above) else { break }
      current = try candidate(at: next)
      if current.distance < best.distance { best = current }
    }
    if !isWithinTolerance(best) { best = scaled(best) }
    if !isWithinTolerance(best), let above {
      let other = scaled(above)
      if other.distance < best.distance { best = other }
    }
    guard isWithinTolerance(best) else {
      let reached = best.ratio * bitsPerPixel
      throw codec.failure(
        .encodingFailed,
        "\(formatNumber(bitsPerPixel)) bits per pixel cannot be met: the nearest rate is "
          + formatNumber((reached * 10_000).rounded() / 10_000))
    }
    return best.container.encodedImage
  }

  /// The rate to try next, or `nil` when no byte is left.
  ///
  /// Where the rates on both sides let one expect the target, but not too near to either, so that what
  /// is left between them shrinks by a share each time; with one side only, what a model that covers a
  /// decade of rates would need, and after that the end of the knob.
  private static func nextRate(below: Candidate?, above: Candidate?) -> RatePoint? {
    guard let below, let above else {
      guard let only = below ?? above else { return nil }
      if only.rate == Self.middle {
        return RatePoint(quality: Double(Self.middle.byte) / 255 - log10(only.ratio))
      }
      let end = RatePoint(byte: only.ratio < 1 ? 255 : 0)
      return only.rate == end ? nil : end
    }
    let (low, high) = (Int(below.rate.byte), Int(above.rate.byte))
    guard high - low > 1 else { return nil }
    let share = log(below.ratio) / (log(below.ratio) - log(above.ratio))
    let kept = min(max(share, 0.1), 0.9)
    let byte = Int((Double(low) + kept * Double(high - low)).rounded())
    return RatePoint(byte: UInt8(min(max(byte, low + 1), high - 1)))
  }

  private func candidate(at rate: RatePoint) throws(CodecError) -> Candidate {
    candidate(try codec.analyze(image, at: rate), rate, importanceScale: 1)
  }

  private func candidate(
    _ analysis: Transforms.Analysis, _ rate: RatePoint, importanceScale: Double
  ) -> Candidate {
    let container = codec.container(image, analysis, at: rate, importanceScale: importanceScale)
    let rateReached = 8 * Double(container.bytes.count) / Double(image.pixelCount)
    return Candidate(
      analysis: analysis, rate: rate, container: container, ratio: rateReached / bitsPerPixel)
  }

  /// Half the tolerance ends the search, so that a small change of the picture does not fail it.
  private func isGoodEnough(_ candidate: Candidate) -> Bool {
    abs(candidate.ratio - 1) <= Self.tolerance / 2
  }

  private func isWithinTolerance(_ candidate: Candidate) -> Bool {
    abs(candidate.ratio - 1) <= Self.tolerance
  }

  /// The best importance scale, between the one that sends nothing and one that sends all it can.
  private func scaled(_ start: Candidate) -> Candidate {
    var best = start
    // In powers of two: a larger scale sends more.
    var bounds = (low: -12.0, high: 12.0)
    for _ in 0..<24 where !isGoodEnough(best) {
      let exponent = (bounds.low + bounds.high) / 2
      let next = candidate(start.analysis, start.rate, importanceScale: exp2(exponent))
      if next.distance < best.distance { best = next }
      if next.ratio < 1 { bounds.low = exponent } else { bounds.high = exponent }
    }
    return best
  }
}
