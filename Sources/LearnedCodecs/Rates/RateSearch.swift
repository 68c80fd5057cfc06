import Codecs
import Foundation

/// Finds the position of the rate knob that gives a file of the wanted size.
///
/// The encoder runs at the middle of the knob, where that is off at the position that a model covering
/// a decade of rates would need, and then between the nearest rates on both sides, or at the end where
/// there is one side only, until the target is met or no position is left between them.
package struct RateSearch {
  /// One run of the encoder.
  package struct Trial<Coded> {
    /// Where the knob stood.
    package let knob: RateKnob
    /// What the encoder made.
    package let coded: Coded
    /// The size of the file over the wanted one.
    package let ratio: Double

    /// How far off it is, in the same measure above and below.
    package var distance: Double { abs(log(ratio)) }
  }

  /// What was found.
  package struct Outcome<Coded> {
    /// The trial nearest to the target.
    package let best: Trial<Coded>
    /// The nearest above the target where the search had both sides or only this one.
    package let above: Trial<Coded>?
  }

  /// How far a file may be from the target.
  package static let tolerance = 0.02
  /// Where the search begins.
  static let middle = RateKnob(byte: 128)

  /// The wanted rate.
  package let bitsPerPixel: Double
  /// The pixels of the picture.
  package let pixelCount: Int
  /// How often the encoder runs at most.
  package let maximumRuns: Int

  /// Wants a rate.
  ///
  /// - Parameters:
  ///   - bitsPerPixel: the rate, above 0.
  ///   - pixelCount: the pixels of the picture, at least 1.
  ///   - maximumRuns: how often the encoder runs at most, at least 1: 1 for a model whose rate has no
  ///     knob.
  package init(bitsPerPixel: Double, pixelCount: Int, maximumRuns: Int = 12) {
    precondition(bitsPerPixel > 0 && pixelCount > 0 && maximumRuns > 0)
    self.bitsPerPixel = bitsPerPixel
    self.pixelCount = pixelCount
    self.maximumRuns = maximumRuns
  }

  /// Searches.
  ///
  /// - Parameter encode: codes the picture at a position and says the size of the file in bytes.
  /// - Throws: what `encode` throws.
  package func run<Coded>(
    _ encode: (RateKnob) throws(CodecError) -> (coded: Coded, byteCount: Int)
  ) throws(CodecError) -> Outcome<Coded> {
    func trial(_ knob: RateKnob) throws(CodecError) -> Trial<Coded> {
      let (coded, byteCount) = try encode(knob)
      return self.trial(coded, byteCount: byteCount, at: knob)
    }
    var best = try trial(Self.middle)
    var current = best
    var (below, above): (Trial<Coded>?, Trial<Coded>?)
    for _ in 1..<maximumRuns where !isGoodEnough(best) {
      if current.ratio < 1 { below = current } else { above = current }
      guard let next = Self.nextKnob(below: below, above: above) else { break }
      current = try trial(next)
      if current.distance < best.distance { best = current }
    }
    return Outcome(best: best, above: above)
  }

  /// What was coded elsewhere, beside the target.
  package func trial<Coded>(
    _ coded: Coded, byteCount: Int, at knob: RateKnob
  ) -> Trial<Coded> {
    let reached = 8 * Double(byteCount) / Double(pixelCount)
    return Trial(knob: knob, coded: coded, ratio: reached / bitsPerPixel)
  }

  /// Whether a search may end: half the tolerance, so that a small change of the picture does not
  /// fail it.
  package func isGoodEnough(_ trial: Trial<some Any>) -> Bool {
    abs(trial.ratio - 1) <= Self.tolerance / 2
  }

  /// Whether the target is met.
  package func isWithinTolerance(_ trial: Trial<some Any>) -> Bool {
    abs(trial.ratio - 1) <= Self.tolerance
  }

  /// Why the target is not met, with the nearest rate.
  package func failureMessage(_ nearest: Trial<some Any>) -> String {
    let reached = nearest.ratio * bitsPerPixel
    return "\(formatNumber(bitsPerPixel)) bits per pixel cannot be met: the nearest rate is "
      + formatNumber((reached * 10_000).rounded() / 10_000)
  }

  /// The position to try next, or `nil` when none is left.
  ///
  /// Where the rates on both sides let one expect the target, but not too near to either, so that what
  /// is left between them shrinks by a share each time; with one side only, what a model that covers a
  /// decade of rates would need, and after that the end of the knob.
  private static func nextKnob<Coded>(
    below: Trial<Coded>?, above: Trial<Coded>?
  ) -> RateKnob? {
    guard let below, let above else {
      guard let only = below ?? above else { return nil }
      if only.knob == middle {
        return RateKnob(position: Double(middle.byte) / 255 - log10(only.ratio))
      }
      let end = RateKnob(byte: only.ratio < 1 ? 255 : 0)
      return only.knob == end ? nil : end
    }
    let (low, high) = (Int(below.knob.byte), Int(above.knob.byte))
    guard high - low > 1 else { return nil }
    let share = log(below.ratio) / (log(below.ratio) - log(above.ratio))
    let kept = min(max(share, 0.1), 0.9)
    let byte = Int((Double(low) + kept * Double(high - low)).rounded())
    return RateKnob(byte: UInt8(min(max(byte, low + 1), high - 1)))
  }
}
