import CEntropyCoding

/// A small network in whole numbers that says how likely each bit of a stack of maps is one.
///
/// The context of a bit is a cuboid of 5×5×4 values before it: the map it is in and the three maps
/// before, each value unavailable, 0 or 1 (Li et al. 2017, section 4.1). One masked layer over the
/// cuboid, with weights for each map, is followed by two 1×1 layers and a table. All arithmetic is on
/// integers, so encoder and decoder agree on every machine; <doc:ContextNetworkInference> states it
/// step by step and says how it is made fast.
public struct ContextNetwork: Sendable {
  /// The values of the cuboid that lie before a bit: 75 in the maps before, 12 in its own.
  public static let contextSize = 87
  /// Hidden units come in multiples of this.
  public static let unitMultiple = CEntropyCodingLanes
  /// The most hidden units of a layer.
  public static let maximumUnitCount = CEntropyCodingMaximumUnits
  /// The entries of the table of probabilities.
  public static let probabilityCount = 1024

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

  /// Products of two 16-bit numbers for one bit, before any sharing between neighbours.
  public var productsPerBit: Int {
    (Self.contextSize + weights.secondUnitCount) * weights.firstUnitCount + weights.secondUnitCount
  }

  /// The probability that a bit is one, in 65536ths, for a logit that the last layer gave.
  @inline(__always)
  func probability(logit: Int32) -> UInt16 {
    let half = Int32(Self.probabilityCount / 2)
    return weights.probabilities[Int(min(max(logit, -half), half - 1) + half)]
  }
}
