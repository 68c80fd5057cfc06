import EntropyCoding
import Foundation
import NeuralNetworks

/// Rate-distortion optimised quantisation: where a code bit is near its threshold, what it costs decides.
///
/// Bit k is one where its logit exceeds `slope · (cost − mean)`, where the cost is
/// `log2(P(0) / P(1))` bits by the coder `convolutional`, and slope and mean are the model's for map k
/// at the rate knob. So the encoder decides bits in coding order; the decoder need not know. The
/// idea is that of the encoders of video standards, where it is called RDOQ (Karczewicz, Ye and Chong
/// 2008, VCEG-AH21); `rdbench_training/entropy/rdoq.py` derives the slopes.
struct RateDistortionQuantizer: Sendable {
  /// The most knobs that a table is read for.
  static let maximumKnobCount = 256

  /// How far a bit of cost moves the thresholds of each map: maps, then knobs; 0: not at all.
  let slopes: [Float]
  /// The costs in bits that the thresholds stand for without it, in the same order.
  let means: [Float]
  /// The knobs, evenly spaced over 0…1, that each map has values for; between them lie lines.
  let knobCount: Int

  init(slopes: [Float], means: [Float], knobCount: Int) {
    self.slopes = slopes
    self.means = means
    self.knobCount = knobCount
  }

  /// Reads the tables, or `nil` where the configuration has none.
  init?(
    _ configuration: ModelConfiguration, _ weights: inout WeightReader
  ) throws(NeuralNetworkError) {
    guard let knobCount = configuration.rdoqKnobCount else { return nil }
    let shape = [configuration.codeMapCount, knobCount]
    slopes = try weights.tensor("rdoq.slopes", shape: shape).elements
    means = try weights.tensor("rdoq.means", shape: shape).elements
    self.knobCount = knobCount
    guard slopes.allSatisfy({ $0 >= 0 }) else {
      throw NeuralNetworkError(.wrongTensor, "rdoq.slopes has elements below 0")
    }
  }

  /// What a map's logits become at a knob.
  struct Rule: Sendable {
    fileprivate let slope: Float
    fileprivate let mean: Float

    /// The bit decided by the logit's sign alone.
    static let sign = Rule(slope: 0, mean: 0)

    /// The decision threshold of a bit, the limit of `ContextNetworkWalk.decideNextMap`: 0 for a one
    /// and 255 for a zero whatever they cost.
    @inline(__always)
    func threshold(_ logit: Float) -> UInt8 {
      guard slope > 0 else { return logit > 0 ? 0 : 255 }
      let half = Float(ContextNetwork.probabilityCount / 2)
      let unit = Float(log(2) / ContextNetwork.logitStep)
      let index = half - unit * (logit / slope + mean)
      let threshold = (index * 255 / (2 * half)).rounded(.toNearestOrEven)
      // NaN compares false and becomes 0.
      return threshold > 0 ? (threshold < 255 ? UInt8(threshold) : 255) : 0
    }
  }

  /// The rules of all maps at a knob in 0…1.
  func rules(at knob: Float) -> [Rule] {
    let column = knob * Float(knobCount - 1)
    let left = min(Int(column), max(0, knobCount - 2))
    let right = min(left + 1, knobCount - 1)
    let share = column - Float(left)
    func value(_ table: [Float], _ map: Int) -> Float {
      table[map * knobCount + left] * (1 - share) + table[map * knobCount + right] * share
    }
    return (0..<slopes.count / knobCount).map {
      Rule(slope: value(slopes, $0), mean: value(means, $0))
    }
  }
}
