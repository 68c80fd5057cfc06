import NeuralNetworks

/// The nonlinearities that configurations name.
package enum ActivationKind: String, Sendable, CaseIterable {
  case relu
  case leakyReLU = "leaky_relu"
  /// With one slope for each channel, in the tensor `NAME.activation.slope`.
  case prelu
}

/// Makes layers from the tensors of a model file, which are named `NAME.weight` and `NAME.bias`.
package struct LayerReader {
  /// Where the tensors are.
  package private(set) var weights: WeightReader
  private let activation: ActivationKind
  private let slope: Float

  /// Starts reading.
  ///
  /// - Parameters:
  ///   - weights: where the tensors are.
  ///   - activation: the nonlinearity behind layers that are not linear.
  ///   - slope: the slope below zero of `leakyReLU`.
  package init(_ weights: WeightReader, activation: ActivationKind, slope: Float) {
    self.weights = weights
    self.activation = activation
    self.slope = slope
  }

  /// Reads a convolution with bias and activation.
  ///
  /// - Parameters:
  ///   - name: the tensors' name.
  ///   - inputs: the channels that it takes.
  ///   - outputs: the channels that it gives.
  ///   - kernel: the kernel's height and width.
  ///   - stride: the step between neighbouring outputs, both ways.
  ///   - padding: the zeros on each side; as many as keep the size by default.
  ///   - isLinear: whether it has no activation.
  /// - Throws: `NeuralNetworkError` of kind `wrongTensor`.
  package mutating func convolution(
    _ name: String, _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1,
    padding: Int? = nil, isLinear: Bool = false
  ) throws(NeuralNetworkError) -> Convolution {
    Convolution(
      weights: try weights.tensor("\(name).weight", shape: [outputs, inputs, kernel, kernel]),
      bias: try weights.tensor("\(name).bias", shape: [outputs]).elements, stride: stride,
      padding: padding ?? kernel / 2,
      activation: isLinear ? .identity : try activation(of: name, channels: outputs))
  }

  /// Reads a 1×1 convolution with neither bias nor activation.
  ///
  /// - Throws: `NeuralNetworkError` of kind `wrongTensor`.
  package mutating func projection(
    _ name: String, _ inputs: Int, _ outputs: Int
  ) throws(NeuralNetworkError) -> Convolution {
    Convolution(
      weights: try weights.tensor("\(name).weight", shape: [outputs, inputs, 1, 1]), bias: nil,
      padding: 0)
  }

  /// Reads a residual block of two 3×3 convolutions, `NAME.conv1` and `NAME.conv2`.
  ///
  /// - Parameters:
  ///   - name: the tensors' name.
  ///   - channels: the channels that it takes and gives.
  ///   - inner: the channels between the two.
  ///   - activatesBranch: whether the second convolution has an activation.
  ///   - activatesSum: whether the sum has one.
  /// - Throws: `NeuralNetworkError` of kind `wrongTensor`.
  package mutating func residualBlock(
    _ name: String, _ channels: Int, inner: Int, activatesBranch: Bool, activatesSum: Bool
  ) throws(NeuralNetworkError) -> ResidualBlock {
    ResidualBlock(
      first: try convolution("\(name).conv1", channels, inner, kernel: 3),
      second: try convolution(
        "\(name).conv2", inner, channels, kernel: 3, isLinear: !activatesBranch),
      activation: activatesSum ? try activation(of: name, channels: channels) : .identity)
  }

  private mutating func activation(
    of name: String, channels: Int
  ) throws(NeuralNetworkError) -> Activation {
    switch activation {
    case .relu: .relu
    case .leakyReLU: .leakyReLU(slope: slope)
    case .prelu:
      .prelu(
        slopes: try weights.tensor("\(name).activation.slope", shape: [channels]).elements)
    }
  }
}
