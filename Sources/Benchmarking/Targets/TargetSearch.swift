import Codecs
import Results

/// Looks for the quality at which one image comes nearest to a target, with a bounded number of
/// probes.
///
/// The search keeps every probe and works on the pairs of neighbours between which the figure
/// crosses the target, the tightest pair first: it divides the pair at the straight line through its
/// ends and, every second time, in the middle. Codecs do not promise that a larger number gives more
/// bytes or a better picture; on such a staircase there can be several crossings, each is followed
/// while probes are left, and the steps beside the best one are tried at the end. The answer is
/// always a quality that was measured, never an interpolated one.
struct TargetSearch {
  /// What is aimed at.
  let target: Target
  /// The codec's scale.
  let scale: QualityScale
  /// The most measurements that ``next()`` asks for.
  let maximumProbes: Int

  /// The measured qualities in ascending order; `nil` where the measurement has no such figure.
  private(set) var probes: [(quality: Double, value: Double?)] = []
  private var askedCount = 0

  /// Starts a search.
  ///
  /// - Parameters:
  ///   - target: what is aimed at.
  ///   - scale: the codec's scale.
  ///   - maximumProbes: at least 1.
  ///   - known: qualities that were measured for another target; they cost nothing.
  init(
    _ target: Target, on scale: QualityScale, maximumProbes: Int,
    known: [(quality: Double, value: Double?)] = []
  ) {
    precondition(maximumProbes >= 1 && !target.figure.isOfSet)
    self.target = target
    self.scale = scale
    self.maximumProbes = maximumProbes
    for probe in known { insert(probe.quality, value: probe.value) }
  }

  /// The quality to measure next, or `nil` when the search is over.
  func next() -> Double? {
    guard askedCount < maximumProbes else { return nil }
    if let best, abs(best.value - target.value) <= target.tolerance { return nil }
    let crossings = self.crossings
    if crossings.isEmpty { return nextEnd ?? besideFailures }
    for crossing in crossings {
      if let quality = division(of: crossing), isNew(quality) { return quality }
    }
    return neighbourOfBest
  }

  /// Takes the measurement that ``next()`` asked for.
  ///
  /// - Parameter value: what it reached, `nil` when it failed or the figure does not apply.
  mutating func add(_ quality: Double, value: Double?) {
    askedCount += 1
    insert(quality, value: value)
  }

  private mutating func insert(_ quality: Double, value: Double?) {
    let index = probes.firstIndex { $0.quality >= quality } ?? probes.endIndex
    guard index == probes.endIndex || probes[index].quality != quality else { return }
    probes.insert((quality, value), at: index)
  }

  /// The measured quality nearest to the target, the first of equals.
  var best: (quality: Double, value: Double)? {
    var best: (quality: Double, value: Double)?
    for case (let quality, let value?) in probes {
      if best.map({ distance(value) < distance($0.value) }) ?? true { best = (quality, value) }
    }
    return best
  }

  /// Whether the target lies beyond everything that was measured.
  var isBeyondRange: Bool {
    guard let best else { return true }
    return crossings.isEmpty && abs(best.value - target.value) > target.tolerance
  }

  /// The smallest and the largest value that was measured.
  var reachedRange: ClosedRange<Double>? {
    let values = probes.compactMap(\.value)
    guard let low = values.min(), let high = values.max() else { return nil }
    return low...high
  }

  private func distance(_ value: Double) -> Double { abs(value - target.value) }

  /// Two measured neighbours with the target between their values.
  private typealias Pair = (
    low: (quality: Double, value: Double), high: (quality: Double, value: Double)
  )

  /// The pairs of neighbours between which the figure crosses the target, the narrowest first.
  private var crossings: [Pair] {
    var pairs: [Pair] = []
    var previous: (quality: Double, value: Double)?
    for case (let quality, let value?) in probes {
      if let previous, (previous.value < target.value) != (value < target.value) {
        pairs.append((previous, (quality, value)))
      }
      previous = (quality, value)
    }
    return pairs.sorted { width($0) < width($1) }
  }

  private func width(_ pair: Pair) -> Double { pair.high.quality - pair.low.quality }

  /// Without a crossing: the ends of the usual sweep, then those of the scale.
  private var nextEnd: Double? {
    let usual = scale.recommendedSweep
    let ends = [usual.min(), usual.max(), scale.range.lowerBound, scale.range.upperBound]
    return ends.compactMap { $0 }.first(where: isNew)
  }

  /// The middle between a quality that failed and its neighbour that did not: where the codec
  /// refuses one end of its scale, the range goes on up to there.
  private var besideFailures: Double? {
    for (low, high) in zip(probes, probes.dropFirst())
    where (low.value == nil) != (high.value == nil) {
      let middle = (low.quality + high.quality) / 2
      if let quality = inside(low.quality, high.quality, near: middle), isNew(quality) {
        return quality
      }
    }
    return nil
  }

  /// The quality between those of a pair to measure next, or `nil` when there is none.
  private func division(of pair: Pair) -> Double? {
    let middle = (pair.low.quality + pair.high.quality) / 2
    let quality = askedCount.isMultiple(of: 2) ? straightLine(through: pair) ?? middle : middle
    return inside(pair.low.quality, pair.high.quality, near: quality)
  }

  /// The quality of the scale nearest to a number and strictly between two others, or `nil` when
  /// these are as close as the scale allows.
  private func inside(_ low: Double, _ high: Double, near quality: Double) -> Double? {
    // Without steps: no codec has a finer knob than this.
    let grain = scale.step ?? (scale.range.upperBound - scale.range.lowerBound) * 1e-7
    guard high - low > 1.5 * grain else { return nil }
    var quality = quality
    if let step = scale.step {
      let position = ((quality - scale.range.lowerBound) / step).rounded()
      quality = scale.range.lowerBound + position * step
    }
    return min(max(quality, low + grain), high - grain)
  }

  /// Where the straight line between a pair's ends meets the target.
  private func straightLine(through pair: Pair) -> Double? {
    guard let low = target.straightened(pair.low.value),
      let high = target.straightened(pair.high.value),
      let aim = target.straightened(target.value), low != high
    else { return nil }
    return pair.low.quality + width(pair) * (aim - low) / (high - low)
  }

  /// A step beside the best quality, up to two away, that was not measured yet.
  private var neighbourOfBest: Double? {
    guard let step = scale.step, let best else { return nil }
    let position = ((best.quality - scale.range.lowerBound) / step).rounded()
    return [-1, 1, -2, 2].lazy
      .map { scale.range.lowerBound + (position + $0) * step }
      .first { scale.contains($0) && isNew($0) }
  }

  /// Whether a quality was not measured; 0.1 + 0.2 and 0.3 are the same step.
  private func isNew(_ quality: Double) -> Bool {
    let grain = (scale.step ?? 0) / 4
    return !probes.contains { abs($0.quality - quality) <= grain }
  }
}
