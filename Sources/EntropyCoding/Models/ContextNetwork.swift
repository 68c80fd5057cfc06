import CEntropyCoding

/// A small network in whole numbers that says how likely each bit of a stack of maps is one.
///
/// The context of a bit is the nearer part of the cuboid of Li et al. 2017 (section 4.1), values of
/// its own map and the three before, each unavailable, 0 or 1; and, unlike theirs, the bits of all maps
/// before these at the same position. One masked layer, with weights for each map, is followed by two
/// 1×1 layers and a table. All arithmetic is on integers, so encoder and decoder agree on every
/// machine; <doc:ContextNetworkInference> states it step by step and says how it is made fast.
public struct ContextNetwork: Sendable {
  /// The values around a bit that lie before it: 27 in the three maps before, 12 in its own.
  public static let contextSize = 39
  /// The maps, this one among them, that the context reaches; those before are linked.
  static let depth = 4
  /// Hidden units come in multiples of this.
  public static let unitMultiple = CEntropyCodingLanes
  /// The most hidden units of a layer.
  public static let maximumUnitCount = CEntropyCodingMaximumUnits
  /// The entries of the table of probabilities, from logits of −8 to 8.
  public static let probabilityCount = 1024
  /// How far the entries of the table lie apart, in units of the logit (nats).
  public static let logitStep = 1.0 / 64

  let weights: Weights
  /// For each map the second layer's weights, pairs of inputs side by side, as the C loops want them.
  let secondPairs: [Int16]
  /// The third layer's weights, each followed by a zero.
  let thirdPairs: [Int16]
  /// The instruction set of the inner loops.
  var level = CEntropyCodingBestLevel()

  /// Checks the weights and prepares them.
  ///
  /// - Throws: ``WeightsError`` when an array has the wrong length or a sum might not fit its type.
  public init(_ weights: Weights) throws(WeightsError) {
    try weights.check()
    self.weights = weights
    let (first, second) = (weights.firstUnitCount, weights.secondUnitCount)
    var pairs = [Int16](repeating: 0, count: weights.secondWeights.count)
    for map in 0..<weights.mapCount {
      let start = map * first * second
      for output in 0..<second {
        for input in 0..<first {
          pairs[start + (input / 2 * second + output) * 2 + input % 2] =
            weights.secondWeights[start + output * first + input]
        }
      }
    }
    secondPairs = pairs
    thirdPairs = weights.thirdWeights.flatMap { [$0, 0] }
  }

  /// The maps that the network knows.
  public var mapCount: Int { weights.mapCount }
  /// The conditions that a position can have.
  public var conditionCount: Int { weights.conditionCount }
  /// The steps of the rate that it tells apart.
  public var rateStepCount: Int { weights.rateStepCount }

  /// Products of two 16-bit numbers for one bit, before any sharing between neighbours, averaged over
  /// the maps and rounded down.
  public var productsPerBit: Int {
    let inputs = Self.contextSize + Self.linkCount(mapCount: mapCount) / mapCount
    return (inputs + weights.secondUnitCount) * weights.firstUnitCount + weights.secondUnitCount
  }

  /// How many pairs of a map and one that lies before its context there are: map k is linked to the
  /// maps 0 … k − 4.
  public static func linkCount(mapCount: Int) -> Int {
    max(0, mapCount - depth + 1) * max(0, mapCount - depth) / 2
  }

  /// Where in the table of probabilities a logit that the last layer gave has its entry.
  @inline(__always)
  func index(logit: Int32) -> Int {
    let half = Int32(Self.probabilityCount / 2)
    return Int(min(max(logit, -half), half - 1) + half)
  }
}
