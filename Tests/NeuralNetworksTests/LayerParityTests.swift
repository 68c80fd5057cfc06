import NeuralNetworks
import Testing

/// Each layer against PyTorch, from the tensors that `Scripts/fixtures/neural.py` wrote.
@Suite(.enabled(if: oneDNNIsAvailable, "needs the package trait Neural"))
struct LayerParityTests {
  private let parity: LayerParity

  init() throws { parity = try LayerParity() }

  private func tensor(_ name: String) throws -> Tensor { try parity.tensor(name) }

  private func expectParity(
    _ input: String, _ output: String, engine: Engine? = nil, tolerance: Float = 1e-5,
    added: String? = nil, factors: [String: [Float]] = [:],
    _ layers: (inout NetworkBuilder, [Activations]) -> Activations
  ) throws {
    try parity.expect(
      input, output, engine: engine, tolerance: tolerance, added: added, factors: factors, layers)
  }

  private func convolution(
    _ name: String, stride: Int = 1, padding: Int, activation: Activation = .identity
  ) throws -> Convolution {
    Convolution(
      weights: try tensor("\(name).weight"), bias: try tensor("\(name).bias").elements,
      stride: stride, padding: padding, activation: activation)
  }

  @Test(
    arguments: [
      ("kernel8", 4, 2), ("kernel4", 2, 1), ("kernel3", 1, 1), ("kernel1", 1, 0),
      ("onePosition", 1, 1),
    ])
  func convolutions(name: String, stride: Int, padding: Int) throws {
    let layer = try convolution(name, stride: stride, padding: padding)
    try expectParity(name, name) { $0.convolution(layer, $1[0], isOutput: true) }
  }

  @Test(arguments: ["relu", "leakyReLU", "prelu", "sigmoid", "tanh"])
  func activations(name: String) throws {
    let slopes = try tensor("activation.slopes").elements
    let activation: Activation =
      switch name {
      case "relu": .relu
      case "leakyReLU": .leakyReLU(slope: 0.1)
      case "prelu": .prelu(slopes: slopes)
      case "sigmoid": .sigmoid
      default: .tanh
      }
    let layer = try convolution("activation", padding: 1, activation: activation)
    try expectParity("activation", "activation.\(name)") {
      $0.convolution(layer, $1[0], isOutput: true)
    }
  }

  @Test func modulation() throws {
    let factors = ["knob": try tensor("activation.factor").elements]
    let layer = try convolution("activation", padding: 1, activation: .leakyReLU(slope: 0.1))
    try expectParity("activation", "activation.modulated", factors: factors) {
      $0.convolution(layer, $1[0], factor: "knob", isOutput: true)
    }
  }

  @Test func sums() throws {
    let plain = try convolution("activation", padding: 1)
    let relu = try convolution("activation", padding: 1, activation: .relu)
    let slopes = try tensor("activation.slopes").elements
    let prelu = try convolution("activation", padding: 1, activation: .prelu(slopes: slopes))
    let added = "activation.added"
    try expectParity("activation", "activation.sum", added: added) {
      $0.convolution(relu, $1[0], addingTo: $1[1])
    }
    try expectParity("activation", "activation.sumThenActivation", added: added) {
      $0.convolution(plain, $1[0], addingTo: $1[1], finalActivation: .leakyReLU(slope: 0.1))
    }
    let factors = ["knob": try tensor("activation.factor").elements]
    try expectParity(
      "activation", "activation.modulatedPReLUSum", added: added, factors: factors
    ) { $0.convolution(prelu, $1[0], factor: "knob", addingTo: $1[1]) }
  }

  @Test(arguments: ["residual", "residual.activationAfterSum", "residual.activationOnBranch"])
  func residualBlocks(name: String) throws {
    let block = ResidualBlock(
      first: Convolution(
        weights: try tensor("residual.first"), bias: try tensor("residual.firstBias").elements,
        padding: 1, activation: .relu),
      second: Convolution(
        weights: try tensor("residual.second"), bias: try tensor("residual.secondBias").elements,
        padding: 1, activation: name.hasSuffix("OnBranch") ? .relu : .identity),
      activation: name.hasSuffix("AfterSum") ? .relu : .identity)
    try expectParity("residual", name) { $0.residualBlock(block, $1[0]) }
  }

  @Test(arguments: [2, 4])
  func depthToSpace(block: Int) throws {
    try expectParity("depthToSpace\(block)", "depthToSpace\(block)", tolerance: 0) {
      $0.depthToSpace($1[0], block: block)
    }
  }

  @Test func spaceToDepth() throws {
    try expectParity("spaceToDepth8", "spaceToDepth8", tolerance: 0) {
      $0.spaceToDepth($1[0], block: 8)
    }
  }

  @Test(arguments: [false, true])
  func divisiveNormalization(isInverse: Bool) throws {
    let layer = DivisiveNormalization(
      gamma: try tensor("normalization.gamma"), beta: try tensor("normalization.beta").elements,
      isInverse: isInverse)
    try expectParity(
      "normalization", isInverse ? "normalization.inverse" : "normalization", tolerance: 2e-5
    ) { $0.normalization(layer, $1[0]) }
  }

  /// Against PyTorch with inputs and weights rounded to bf16 and sums in 32-bit floats, as oneDNN
  /// computes; it emulates bf16 where the processor has AVX-512 without it.
  @Test(.enabled(if: canEmulateBFloat16, "needs AVX-512"))
  func bfloat16() throws {
    let engine = try Engine(precision: .bfloat16, threadCount: 1, emulatesPrecision: true)
    let kernel8 = try convolution("kernel8", stride: 4, padding: 2)
    try expectParity("kernel8", "kernel8.bf16", engine: engine) {
      $0.convolution(kernel8, $1[0], isOutput: true)
    }
    let factors = ["knob": try tensor("activation.factor").elements]
    let layer = try convolution("activation", padding: 1, activation: .leakyReLU(slope: 0.1))
    try expectParity(
      "activation", "activation.modulated.bf16", engine: engine, factors: factors
    ) { $0.convolution(layer, $1[0], factor: "knob", isOutput: true) }
  }

  @Test(.enabled(if: !Engine.multipliesBFloat16, "needs a processor without bf16"))
  func bfloat16IsRefusedWithoutInstructions() {
    #expect {
      try Engine(precision: .bfloat16, threadCount: 1)
    } throws: { error in
      let error = error as? NeuralNetworkError
      return error?.kind == .unavailable && error?.message.contains("use f32") == true
    }
  }

  @Test func threadCountDoesNotChangeResults() throws {
    let layer = try convolution("kernel8", stride: 4, padding: 2)
    let engine = try Engine(precision: .float32, threadCount: 3)
    try expectParity("kernel8", "kernel8", engine: engine) {
      $0.convolution(layer, $1[0], isOutput: true)
    }
  }
}
