import Codecs
import Foundation
import Imaging
import LearnedCodecs

/// Finds the rate byte and importance scale that give a file of the wanted size.
///
/// What the knob of `RateSearch` cannot meet, the importance scale may: it needs no network and the
/// decoder need not know it, but it costs quality. From the nearest rate it is found by bisection. A
/// scale above 1 adds nothing where all maps are sent already, so the nearest rate above is tried next.
struct RateControl {
  let codec: ContentWeightedCodec
  let image: Image
  private let search: RateSearch

  private typealias Trial = RateSearch.Trial<(analysis: Transforms.Analysis, file: CodedFile)>

  init(codec: ContentWeightedCodec, image: Image, bitsPerPixel: Double) {
    self.codec = codec
    self.image = image
    let hasKnob = codec.model.configuration.rateMode == .lambda
    search = RateSearch(
      bitsPerPixel: bitsPerPixel, pixelCount: image.pixelCount, maximumRuns: hasKnob ? 12 : 1)
  }

  /// Codes the picture.
  ///
  /// - Throws: `CodecError` of kind `encodingFailed` that states the nearest rate when none is
  ///   within `RateSearch.tolerance`.
  func encode() throws(CodecError) -> EncodedImage {
    let found = try search.run { knob throws(CodecError) in
      let analysis = try codec.analyze(image, at: knob)
      let file = codec.file(image, analysis, at: knob, importanceScale: 1)
      return (coded: (analysis: analysis, file: file), byteCount: file.bytes.count)
    }
    var best = found.best
    if !search.isWithinTolerance(best) { best = scaled(best) }
    if !search.isWithinTolerance(best), let above = found.above {
      let other = scaled(above)
      if other.distance < best.distance { best = other }
    }
    guard search.isWithinTolerance(best) else {
      throw codec.failure(.encodingFailed, search.failureMessage(best))
    }
    return best.coded.file.encodedImage
  }

  /// The best importance scale, between the one that sends nothing and one that sends all it can.
  private func scaled(_ start: Trial) -> Trial {
    var best = start
    // In powers of two: a larger scale sends more.
    var bounds = (low: -12.0, high: 12.0)
    for _ in 0..<24 where !search.isGoodEnough(best) {
      let exponent = (bounds.low + bounds.high) / 2
      let analysis = start.coded.analysis
      let file = codec.file(image, analysis, at: start.knob, importanceScale: exp2(exponent))
      let next = search.trial(
        (analysis: analysis, file: file), byteCount: file.bytes.count, at: start.knob)
      if next.distance < best.distance { best = next }
      if next.ratio < 1 { bounds.low = exponent } else { bounds.high = exponent }
    }
    return best
  }
}
