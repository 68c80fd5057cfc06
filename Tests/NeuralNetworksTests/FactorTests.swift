import NeuralNetworks
import Testing

@Suite(.enabled(if: oneDNNIsAvailable, "needs the package trait Neural"))
struct FactorTests {
  private let parity: LayerParity

  init() throws { parity = try LayerParity() }

  /// The same bits as the same factor by name, whose parity with PyTorch is tested.
  @Test func perChannelByHandleAndByName() throws {
    let layer = Convolution(
      weights: try parity.tensor("activation.weight"),
      bias: try parity.tensor("activation.bias").elements, padding: 1,
      activation: .leakyReLU(slope: 0.1))
    let numbers = try parity.tensor("activation.factor").elements
    let picture = try parity.tensor("activation.input").elements
    var named = NetworkBuilder(engine: parity.engine)
    var input = named.input(channelCount: 6, height: 7, width: 8)
    named.output(named.convolution(layer, input, factor: "knob", isOutput: true))
    var handled = NetworkBuilder(engine: parity.engine)
    input = handled.input(channelCount: 6, height: 7, width: 8)
    let factor = handled.factor(channelCount: 10)
    handled.output(handled.convolution(layer, input, factor: factor, isOutput: true))
    let expected = try Network(named).run([picture], factors: ["knob": numbers])
    #expect(
      try Network(handled).run([picture], factors: [factor: .perChannel(numbers)]) == expected)
  }

  /// A map of 1×3 levels over 2×6 positions of two channels, worked out by hand.
  @Test func perPosition() throws {
    var builder = NetworkBuilder(engine: parity.engine)
    let input = builder.input(channelCount: 2, height: 2, width: 6)
    let factor = builder.factor(channelCount: 2, levelCount: 3, mapHeight: 1, mapWidth: 3)
    builder.output(builder.modulation(input, by: factor))
    let network = try Network(builder)
    let result = try network.run(
      [(1...24).map(Float.init)],
      factors: [factor: .perPosition(table: [1, 2, 10, 20, 0.5, -1], levels: [2, 0, 1])])[0]
    let expected: [Float] = [
      0.5, -2, 1.5, -4, 5, 12, 7, 16, 90, 200, 110, 240,
      6.5, -14, 7.5, -16, 17, 36, 19, 40, 210, 440, 230, 480,
    ]
    #expect(result == expected)
  }

  @Test func missingAndWrongFactorsAreRefused() throws {
    let unit = Convolution(
      weights: Tensor(shape: [1, 1, 1, 1], elements: [1]), bias: nil, padding: 0)
    var builder = NetworkBuilder(engine: parity.engine)
    let input = builder.input(channelCount: 1, height: 1, width: 2)
    let channel = builder.factor(channelCount: 1)
    let position = builder.factor(channelCount: 1, levelCount: 2, mapHeight: 1, mapWidth: 2)
    builder.output(
      builder.modulation(builder.convolution(unit, input, factor: channel), by: position))
    let network = try Network(builder)
    let good: [FactorHandle: FactorValues] = [
      channel: .perChannel([2]), position: .perPosition(table: [1, 3], levels: [1, 0]),
    ]
    #expect(try network.run([[5, 7]], factors: good) == [[30, 14]])
    let wrong: [(FactorHandle, FactorValues?, String)] = [
      (channel, nil, "factor 0 is missing"),
      (channel, .perChannel([1, 2]), "factor 0 needs 1 numbers, not 2"),
      (channel, .perPosition(table: [1], levels: [0]), "factor 0 is per channel, not per position"),
      (position, .perChannel([1]), "factor 1 is per position, not per channel"),
      (position, .perPosition(table: [1], levels: [0, 0]), "table of 2 × 1 numbers, not 1"),
      (position, .perPosition(table: [1, 3], levels: [0]), "needs 1 × 2 levels, not 1"),
      (position, .perPosition(table: [1, 3], levels: [0, 2]), "levels beyond the 2"),
    ]
    for (handle, values, reason) in wrong {
      var factors = good
      factors[handle] = values
      #expect {
        try network.run([[5, 7]], factors: factors)
      } throws: { error in
        let error = error as? NeuralNetworkError
        return error?.kind == .wrongFactor && error?.message.contains(reason) == true
      }
    }
    var named = NetworkBuilder(engine: parity.engine)
    let values = named.input(channelCount: 1, height: 1, width: 1)
    named.output(named.convolution(unit, values, factor: "knob"))
    let second = try Network(named)
    #expect(
      throws: NeuralNetworkError(.wrongFactor, "factor knob needs 1 numbers")
    ) { try second.run([[1]]) }
  }
}
