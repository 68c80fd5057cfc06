import Codecs
import Foundation
import Imaging

/// Finds the rate byte and importance scale that give a file of the wanted size.
///
/// The encoder network runs once or twice: at the middle of the rate knob, and, where that is off,
/// at the byte that a model covering a decade of rates would need. From the nearer of the two the
/// importance scale, which needs no network, does the rest by bisection; the decoder need not know it.
struct RateControl {
  /// How far the file may be from the target.
  static let tolerance = 0.02

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
    var best = try candidate(at: RatePoint(byte: 128))
    if !isGoodEnough(best), codec.model.configuration.rateMode == .lambda {
      let step = -log10(best.ratio) * 255
      let second = RatePoint(quality: (128 + min(max(step, -128), 127)) / 255)
      let other = try candidate(at: second)
      if other.distance < best.distance { best = other }
    }
    best = scaled(best)
    guard abs(best.ratio - 1) <= Self.tolerance else {
      let reached = best.ratio * bitsPerPixel
      throw codec.failure(
        .encodingFailed,
        "\(formatNumber(bitsPerPixel)) bits per pixel cannot be met: the nearest rate is "
          + formatNumber((reached * 10_000).rounded() / 10_000))
    }
    return best.container.encodedImage
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
