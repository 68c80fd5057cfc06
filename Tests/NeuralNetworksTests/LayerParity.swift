import Foundation
import NeuralNetworks
import Testing

/// The tensors that `Scripts/fixtures/neural.py` wrote, and the comparison with them.
struct LayerParity {
  let fixture: SafeTensors
  let engine: Engine

  init() throws {
    let url = try #require(
      Bundle.module.url(
        forResource: "layers", withExtension: "safetensors", subdirectory: "Fixtures"))
    fixture = try SafeTensors(contentsOf: url)
    engine = try Engine(precision: .float32, threadCount: 1)
  }

  func tensor(_ name: String) throws -> Tensor {
    try fixture.tensor(name, shape: try #require(fixture.entries[name], "\(name)").shape)
  }

  /// Builds a network on the input of a case, runs it, and compares with the output of a case.
  func expect(
    _ input: String, _ output: String, engine: Engine? = nil, tolerance: Float = 1e-5,
    added: String? = nil, factors: [String: [Float]] = [:],
    _ layers: (inout NetworkBuilder, [Activations]) -> Activations
  ) throws {
    var builder = NetworkBuilder(engine: engine ?? self.engine)
    let tensors = try [tensor("\(input).input")] + (added.map { [try tensor($0)] } ?? [])
    let inputs = tensors.map {
      builder.input(channelCount: $0.shape[0], height: $0.shape[1], width: $0.shape[2])
    }
    let result = layers(&builder, inputs)
    builder.output(result)
    let expected = try tensor("\(output).output")
    #expect([result.channelCount, result.height, result.width] == expected.shape, "\(output)")
    let network = try Network(builder)
    // Twice, so that a run which spoils its own memory does not pass.
    for _ in 0..<2 {
      let values = try network.run(tensors.map(channelsLast), factors: factors)[0]
      let error = zip(values, channelsLast(expected)).map { abs($0 - $1) / (1 + abs($1)) }.max()
      #expect(try #require(error) <= tolerance, "\(output): \(error ?? 0)")
    }
  }
}

/// (C, H, W) to (H, W, C).
func channelsLast(_ tensor: Tensor) -> [Float] {
  let (channels, area) = (tensor.shape[0], tensor.shape[1] * tensor.shape[2])
  return (0..<area).flatMap { position in
    (0..<channels).map { tensor.elements[$0 * area + position] }
  }
}

let oneDNNIsAvailable = !Engine.libraryVersion.isEmpty
let canEmulateBFloat16 = Engine.instructionSet.contains("avx512")
