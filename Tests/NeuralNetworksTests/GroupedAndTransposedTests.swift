import Testing

@testable import NeuralNetworks

/// Convolutions in groups, with uneven padding, and transposed ones against PyTorch.
@Suite(.enabled(if: oneDNNIsAvailable, "needs the package trait Neural"))
struct GroupedAndTransposedTests {
  private let parity: LayerParity

  init() throws { parity = try LayerParity() }

  @Test(
    arguments: [
      ("grouped", 4, 1, Padding.all(1)), ("depthwise", 19, 2, .all(2)),
      ("uneven", 1, 2, Padding(top: 1, left: 3, bottom: 2, right: 0)),
      ("oneChannel", 1, 4, .all(4)),
    ])
  func convolutions(name: String, groupCount: Int, stride: Int, padding: Padding) throws {
    let layer = Convolution(
      weights: try parity.tensor("\(name).weight"),
      bias: try parity.tensor("\(name).bias").elements, stride: stride, padding: padding,
      groupCount: groupCount)
    try parity.expect(name, name) { $0.convolution(layer, $1[0], isOutput: true) }
  }

  @Test(arguments: [("transposed5", 1, 2), ("transposed9", 1, 4), ("transposedGrouped", 4, 2)])
  func enlargement(name: String, groupCount: Int, stride: Int) throws {
    let layer = TransposedConvolution(
      weights: try parity.tensor("\(name).weight"),
      bias: try parity.tensor("\(name).bias").elements, enlarging: stride,
      groupCount: groupCount)
    try parity.expect(name, name) { builder, inputs in
      let result = builder.transposedConvolution(layer, inputs[0], isOutput: true)
      #expect(result.height == stride * inputs[0].height)
      #expect(result.width == stride * inputs[0].width)
      return result
    }
  }

  @Test func cropping() throws {
    let layer = TransposedConvolution(
      weights: try parity.tensor("transposed5.weight"),
      bias: try parity.tensor("transposed5.bias").elements, stride: 2,
      cropping: Padding(top: 1, left: 0, bottom: 3, right: 2))
    try parity.expect("transposed5", "transposed5.cropped") {
      $0.transposedConvolution(layer, $1[0], isOutput: true)
    }
  }

  @Test func modulatedTransposition() throws {
    let layer = TransposedConvolution(
      weights: try parity.tensor("transposed5.weight"),
      bias: try parity.tensor("transposed5.bias").elements, enlarging: 2,
      activation: .leakyReLU(slope: 0.1))
    let factors = ["knob": try parity.tensor("transposed5.modulated.factor").elements]
    try parity.expect("transposed5", "transposed5.modulated", factors: factors) {
      $0.transposedConvolution(layer, $1[0], factor: "knob", isOutput: true)
    }
    var builder = NetworkBuilder(engine: parity.engine)
    let input = builder.input(channelCount: 10, height: 4, width: 6)
    let factor = builder.factor(channelCount: 17)
    builder.output(builder.transposedConvolution(layer, input, factor: factor, isOutput: true))
    var named = NetworkBuilder(engine: parity.engine)
    let again = named.input(channelCount: 10, height: 4, width: 6)
    named.output(named.transposedConvolution(layer, again, factor: "knob", isOutput: true))
    let picture = try parity.tensor("transposed5.input").elements
    #expect(
      try Network(builder).run(
        [picture], factors: [factor: .perChannel(try #require(factors["knob"]))])
        == Network(named).run([picture], factors: factors))
  }
}

@Suite(.enabled(if: oneDNNIsAvailable, "needs the package trait Neural"))
struct ThreadCountTests {
  @Test func severalThreadsNeedOpenMP() throws {
    #expect {
      try Engine(
        precision: .float32, threadCount: 2, emulatesPrecision: false, canSetThreadCount: false)
    } throws: { error in
      let error = error as? NeuralNetworkError
      return error?.kind == .unavailable && error?.message.contains("use 1 thread") == true
    }
    _ = try Engine(
      precision: .float32, threadCount: 1, emulatesPrecision: false, canSetThreadCount: false)
    _ = try Engine(
      precision: .float32, threadCount: 2, emulatesPrecision: false, canSetThreadCount: true)
  }
}
