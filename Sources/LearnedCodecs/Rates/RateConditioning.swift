import Foundation
import NeuralNetworks

/// The channel factors that condition a network on the rate knob t.
///
/// `u = relu(hidden · t + bias)`, and for each conditioned layer one factor `exp(W · u + c)` per
/// channel; scalars may also have a shift `V · u + d`. After the modulated autoencoder of Yang et
/// al. 2020, with one hidden layer shared by all.
package struct RateConditioning: Sendable {
  /// A layer with its channels.
  package struct Layer: Sendable {
    package let name: String
    package let channelCount: Int

    /// Names a layer.
    package init(_ name: String, channelCount: Int) {
      self.name = name
      self.channelCount = channelCount
    }
  }

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

  private let hidden: Linear
  private let factors: [String: Linear]
  private let shifts: [String: Linear]

  /// Reads the tensors `modulation.…`.
  ///
  /// - Parameters:
  ///   - hiddenCount: the hidden units.
  ///   - layers: what gets factors, one for each channel.
  ///   - shiftedScalars: what gets a shift of one number.
  ///   - weights: where the tensors are.
  /// - Throws: `NeuralNetworkError` of kind `wrongTensor`.
  package init(
    hiddenCount: Int, layers: [Layer], shiftedScalars: [String], _ weights: inout WeightReader
  ) throws(NeuralNetworkError) {
    func linear(
      _ name: String, _ inputs: Int, _ outputs: Int, _ weights: inout WeightReader
    ) throws(NeuralNetworkError) -> Linear {
      Linear(
        weights: try weights.tensor("modulation.\(name).weight", shape: [outputs, inputs]),
        bias: try weights.tensor("modulation.\(name).bias", shape: [outputs]).elements)
    }
    hidden = try linear("hidden", 1, hiddenCount, &weights)
    var factors: [String: Linear] = [:]
    for layer in layers {
      factors[layer.name] = try linear(
        "factors.\(layer.name)", hiddenCount, layer.channelCount, &weights)
    }
    self.factors = factors
    var shifts: [String: Linear] = [:]
    for name in shiftedScalars {
      shifts[name] = try linear("shifts.\(name)", hiddenCount, 1, &weights)
    }
    self.shifts = shifts
  }

  /// The factors of all conditioned layers for a knob in 0…1.
  package func factors(at knob: Float) -> [String: [Float]] {
    let units = units(at: knob)
    return factors.mapValues { $0(units).map { exp($0) } }
  }

  /// The shift of a scalar for a knob in 0…1.
  ///
  /// - Precondition: it was read with a shift.
  package func shift(of scalar: String, at knob: Float) -> Float {
    guard let shift = shifts[scalar] else { preconditionFailure("\(scalar) has no shift") }
    return shift(units(at: knob))[0]
  }

  private func units(at knob: Float) -> [Float] {
    hidden([knob]).map { max($0, 0) }
  }
}
