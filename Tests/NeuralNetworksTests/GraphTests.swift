import NeuralNetworks
import Testing

/// The steps between layers against PyTorch, where values are used again after others were made.
@Suite(.enabled(if: oneDNNIsAvailable, "needs the package trait Neural"))
struct GraphTests {
  private let parity: LayerParity

  init() throws { parity = try LayerParity() }

  private func convolution() throws -> Convolution {
    Convolution(
      weights: try parity.tensor("graph.weight"), bias: try parity.tensor("graph.bias").elements,
      padding: 1)
  }

  @Test func maximumPool() throws {
    try parity.expect("pool", "pool", tolerance: 0) { $0.maximumPool($1[0]) }
  }

  @Test func enlargement() throws {
    try parity.expect("enlarge", "enlarge", tolerance: 0) { $0.enlargement($1[0], factor: 3) }
  }

  @Test func sumsAndConcatenationsKeepTheirInputs() throws {
    let layer = try convolution()
    try parity.expect("pool", "graph", added: "pool.added") { builder, inputs in
      let total = builder.sum(inputs[0], inputs[1])
      let twice = builder.sum(inputs[1], total)
      let all = builder.sum(twice, inputs[0])
      let result = builder.convolution(layer, all, isOutput: true)
      return builder.concatenation([result, total, inputs[0], inputs[1]])
    }
  }

  @Test func dense() throws {
    let layer = Dense(
      weights: try parity.tensor("dense.weight"), bias: try parity.tensor("dense.bias").elements,
      inputShape: (7, 6, 8), activation: .relu)
    try parity.expect("pool", "dense") { $0.dense(layer, $1[0], isOutput: true) }
  }

  @Test(arguments: DivisiveNormalization.Exponent.allCases, [false, true])
  func normalization(exponent: DivisiveNormalization.Exponent, isInverse: Bool) throws {
    let name = "graph.\(exponent)"
    let layer = try convolution()
    let normalization = DivisiveNormalization(
      gamma: try parity.tensor("\(name).gamma"), beta: try parity.tensor("\(name).beta").elements,
      isInverse: isInverse, exponent: exponent)
    try parity.expect("pool", isInverse ? "\(name).inverse" : name, tolerance: 2e-5) {
      $0.normalization(normalization, $0.convolution(layer, $1[0]))
    }
  }

  /// In bf16 the moves are exact, and a sum rounds once.
  @Test(.enabled(if: canEmulateBFloat16, "needs AVX-512"))
  func bfloat16() throws {
    let engine = try Engine(precision: .bfloat16, threadCount: 1, emulatesPrecision: true)
    // A 1×1 convolution with the unit matrix brings the values back to 32-bit floats.
    func floats(_ builder: inout NetworkBuilder, _ values: Activations) -> Activations {
      let count = values.channelCount
      let elements = (0..<count * count).map { Float($0 % (count + 1) == 0 ? 1 : 0) }
      let unit = Convolution(
        weights: Tensor(shape: [count, count, 1, 1], elements: elements), bias: nil, padding: 0)
      return builder.convolution(unit, values, isOutput: true)
    }
    // A brain float has 8 significant bits, so rounding is off by 1/256 of it at most.
    let tolerance: Float = 1 / 256
    try parity.expect("pool", "pool", engine: engine, tolerance: tolerance) {
      let pooled = $0.maximumPool($1[0])
      return floats(&$0, pooled)
    }
    try parity.expect("enlarge", "enlarge", engine: engine, tolerance: tolerance) {
      let large = $0.enlargement($1[0], factor: 3)
      return floats(&$0, large)
    }
    var builder = NetworkBuilder(engine: engine)
    let first = builder.input(channelCount: 1, height: 1, width: 2)
    let second = builder.input(channelCount: 1, height: 1, width: 2)
    let joined = builder.concatenation([builder.sum(first, second), second])
    builder.output(floats(&builder, joined))
    // 1 + 2⁻⁸ lies between two brain floats and goes to the even one; −3 + 0.5 is exact.
    let result = try Network(builder).run([[1, -3], [0x1p-8, 0.5]])[0]
    #expect(result == [1, 0x1p-8, -2.5, 0.5])
  }
}
