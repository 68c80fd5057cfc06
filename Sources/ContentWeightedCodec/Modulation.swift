import Foundation
import NeuralNetworks

/// The channel factors that condition a network on the rate knob t.
///
/// `u = relu(hidden · t + bias)`, and for each modulated layer one factor `exp(W · u + c)` per
/// channel; the importance logit also has a shift `V · u + d`. After the modulated autoencoder of
/// Yang et al. 2020, with one hidden layer shared by all.
struct Modulation: Sendable {
  private struct Linear: Sendable {
    let weights: Tensor
    let bias: [Float]

    func callAsFunction(_ input: [Float]) -> [Float] {
      bias.indices.map { row in
        var sum = bias[row]
        for (column, value) in input.enumerated() {
          sum += weights.elements[row * input.count + column] * value
        }
        return sum
      }
    }
  }

  /// The name of the importance logit's factor.
  static let importanceLogit = "importance_logit"

  private let hidden: Linear
  private let factors: [String: Linear]
  private let importanceShift: Linear?

  /// Reads the modulation, or `nil` where the configuration has none.
  init?(
    _ configuration: ModelConfiguration, _ weights: inout WeightReader
  ) throws(NeuralNetworkError) {
    let hiddenCount = configuration.modulationHiddenCount
    guard hiddenCount > 0 else { return nil }
    func linear(
      _ name: String, _ inputs: Int, _ outputs: Int, _ weights: inout WeightReader
    ) throws(NeuralNetworkError) -> Linear {
      Linear(
        weights: try weights.tensor("modulation.\(name).weight", shape: [outputs, inputs]),
        bias: try weights.tensor("modulation.\(name).bias", shape: [outputs]).elements)
    }
    hidden = try linear("hidden", 1, hiddenCount, &weights)
    var factors: [String: Linear] = [:]
    for (layer, channels) in Self.modulatedLayers(configuration) {
      factors[layer] = try linear("factors.\(layer)", hiddenCount, channels, &weights)
    }
    self.factors = factors
    importanceShift =
      configuration.importanceLevelCount > 0
      ? try linear("shifts.\(Self.importanceLogit)", hiddenCount, 1, &weights) : nil
  }

  /// The modulated layers, a `_` in place of the point, with their output channels.
  static func modulatedLayers(_ configuration: ModelConfiguration) -> [(String, Int)] {
    var layers: [(String, Int)] = []
    for (index, channels) in configuration.analysisChannels.enumerated()
    where index < 2 || configuration.hasExtraConvolutions {
      layers.append(("analysis_conv\(index + 1)", channels))
    }
    if configuration.importanceLevelCount > 0 {
      for (index, channels) in configuration.importanceChannels.enumerated() {
        layers.append(("importance_conv\(index + 1)", channels))
      }
      layers.append((importanceLogit, 1))
    }
    for (index, channels) in configuration.synthesisChannels.enumerated()
    where index != 1 || configuration.hasExtraConvolutions {
      layers.append(("synthesis_conv\(index + 1)", channels))
    }
    return layers
  }

  /// The factors of all modulated layers for a knob in 0…1.
  func factors(at knob: Float) -> [String: [Float]] {
    let units = units(at: knob)
    return factors.mapValues { $0(units).map { exp($0) } }
  }

  /// The shift of the importance logit, 0 without importance map.
  func importanceShift(at knob: Float) -> Float {
    importanceShift.map { $0(units(at: knob))[0] } ?? 0
  }

  private func units(at knob: Float) -> [Float] {
    hidden([knob]).map { max($0, 0) }
  }
}
