@testable import NeuralNetworks
import Testing

@Suite(.enabled(if: oneDNNIsAvailable, "needs the package trait Neural"))
struct ReceptiveFieldTests {
  private let engine: Engine

  init() throws { engine = try Engine(precision: .float32, threadCount: 1) }

  /// Numbers from −0.5 to 0.5, the same in every run.
  private struct Numbers {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 33
    }

    mutating func floats(_ count: Int) -> [Float] {
      (0..<count).map { _ in Float(next() % 1000) / 1000 - 0.5 }
    }
  }

  private func layer(
    _ inputs: Int, kernel: Int, stride: Int = 1, padding: Padding, _ numbers: inout Numbers
  ) -> Convolution {
    Convolution(
      weights: Tensor(
        shape: [4, inputs, kernel, kernel], elements: numbers.floats(4 * inputs * kernel * kernel)),
      bias: numbers.floats(4), stride: stride, padding: padding)
  }

  /// A random network of four channels on `height` × 16 positions.
  private func network(
    seed: UInt64, height: Int
  ) -> (builder: NetworkBuilder, input: Activations, output: Activations) {
    var numbers = Numbers(state: seed)
    var builder = NetworkBuilder(engine: engine)
    let input = builder.input(channelCount: 4, height: height, width: 16)
    var values = input
    for _ in 0..<6 {
      let before = values
      switch (numbers.next() % 8, values.width) {
      case (0, 8...): values = builder.maximumPool(values)
      case (1, 8...):
        let down = layer(
          4, kernel: 5, stride: 2, padding: Padding(top: 1, left: 3, bottom: 3, right: 1), &numbers)
        values = builder.convolution(down, values)
      case (2, 8...):
        let deep = builder.spaceToDepth(values, block: 2)
        values = builder.convolution(layer(16, kernel: 1, padding: .all(0), &numbers), deep)
      case (3, ...16): values = builder.enlargement(values, factor: 2)
      case (4, ...16):
        let up = TransposedConvolution(
          weights: Tensor(shape: [4, 4, 5, 5], elements: numbers.floats(400)), bias: nil,
          enlarging: 2)
        values = builder.transposedConvolution(up, values)
      case (5, ...16):
        let wide = builder.depthToSpace(values, block: 2)
        values = builder.convolution(layer(1, kernel: 3, padding: .all(1), &numbers), wide)
      case (6, _):
        let branch = builder.convolution(layer(4, kernel: 3, padding: .all(1), &numbers), values)
        values = builder.sum(branch, before)
      default:
        let branch = layer(4, kernel: 5, padding: .all(2), &numbers)
        values = builder.convolution(branch, values, addingTo: builder.sum(values, before))
      }
    }
    builder.output(values)
    return (builder, input, values)
  }

  @Test(arguments: 1...40)
  func aWindowWithTheMarginGivesTheOutputsOfTheWhole(seed: UInt64) throws {
    let probe = network(seed: seed, height: 64)
    let field = probe.builder.receptiveField(of: probe.output, from: probe.input)
    let (unit, margin) = (field.inputUnit, field.margin)
    let units = 2 * margin + 5
    var numbers = Numbers(state: seed + 1000)
    let rowSize = 16 * 4
    let picture = numbers.floats(units * unit * rowSize)
    // Two units before the window and two behind it are left out.
    let first = 2
    let whole = network(seed: seed, height: units * unit)
    let expected = try Network(whole.builder).run([picture])[0]
    let window = network(seed: seed, height: (2 * margin + 1) * unit)
    let part = Array(
      picture[first * unit * rowSize..<(first + 2 * margin + 1) * unit * rowSize])
    let result = try Network(window.builder).run([part])[0]
    let size = field.outputUnit * whole.output.width * 4
    let wanted = expected[(first + margin) * size..<(first + margin + 1) * size]
    let error = zip(result[margin * size..<(margin + 1) * size], wanted)
      .map { abs($0 - $1) / (1 + abs($1)) }.max()
    #expect(try #require(error) <= 1e-5)
  }

  /// Worked out by hand.
  @Test func knownFields() {
    var numbers = Numbers(state: 1)
    var builder = NetworkBuilder(engine: engine)
    let input = builder.input(channelCount: 4, height: 32, width: 32)
    let three = layer(4, kernel: 3, padding: .all(1), &numbers)
    let values = builder.convolution(three, builder.convolution(three, input))
    #expect(
      builder.receptiveField(of: values, from: input)
        == ReceptiveField(inputUnit: 1, outputUnit: 1, margin: 2))
    // 8×8 with stride 4 reaches 2 to both sides, 4×4 with stride 2 one of four: together 6 of 8.
    let down = builder.convolution(
      layer(4, kernel: 8, stride: 4, padding: .all(2), &numbers), input)
    let code = builder.convolution(
      layer(4, kernel: 4, stride: 2, padding: .all(1), &numbers), down)
    #expect(
      builder.receptiveField(of: code, from: input)
        == ReceptiveField(inputUnit: 8, outputUnit: 1, margin: 1))
    let up = builder.enlargement(builder.convolution(three, code), factor: 8)
    #expect(
      builder.receptiveField(of: up, from: code)
        == ReceptiveField(inputUnit: 1, outputUnit: 8, margin: 1))
  }
}
