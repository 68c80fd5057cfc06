import CDNNLShims

/// Layers compiled for one size, with a plan of all the memory that a run needs.
///
/// A network never changes and may be run by several tasks at once: each run borrows its memory from
/// the engine. Activations pass in and out as 32-bit floats, channels-last: row by row, pixel by
/// pixel, channel by channel.
public final class Network: Sendable {
  private enum CompiledStep: Sendable {
    case convolution(ConvolutionPrimitive, PackedWeights, Convolution, [PostOperation])
    case move
  }

  private let engine: Engine
  private let steps: [(ExecutionStep, CompiledStep)]
  private let inputs: [Activations]
  private let outputs: [Activations]
  private let factorHandles: [FactorHandle]
  private let plan: MemoryPlan

  /// How many bytes the activations and the scratchpad of a run take.
  public let memorySize: Int

  /// Compiles the layers and plans the memory.
  ///
  /// - Throws: ``NeuralNetworkError`` when oneDNN refuses.
  public init(_ builder: NetworkBuilder) throws(NeuralNetworkError) {
    engine = builder.engine
    engine.enter()
    var compiled: [(ExecutionStep, CompiledStep)] = []
    var scratchpadSize = 0
    for step in builder.steps {
      guard case .convolution(let layer, let input, let output, let operations) = step else {
        compiled.append((step, .move))
        continue
      }
      let primitive = try ConvolutionPrimitive(
        layer, input: input, output: output, operations: operations, engine: builder.engine)
      let weights = try layer.packed(for: primitive)
      scratchpadSize = max(scratchpadSize, primitive.scratchpadSize)
      compiled.append((step, .convolution(primitive, weights, layer, operations)))
    }
    steps = compiled
    inputs = builder.inputs
    outputs = builder.outputs
    factorHandles = builder.factors
    plan = MemoryPlan(builder.buffers)
    // The scratchpad lies behind the activations.
    memorySize = plan.totalSize + scratchpadSize
  }

  /// Runs the layers.
  ///
  /// - Parameters:
  ///   - values: the inputs in the order of their declaration, each H · W · C floats.
  ///   - factors: one number per channel for each name that a layer was given.
  /// - Returns: the outputs in the order of their declaration, each H · W · C floats.
  /// - Precondition: number and sizes of inputs are those of the network.
  /// - Throws: ``NeuralNetworkError`` of kind `wrongFactor`, before anything runs, when a factor is
  ///   missing or of another size, and when oneDNN fails.
  public func run(
    _ values: [[Float]], factors: [String: [Float]] = [:]
  ) throws(NeuralNetworkError) -> [[Float]] {
    try run(values, RunFactors(named: factors))
  }

  /// Runs the layers of a network whose factors have handles.
  ///
  /// - Parameters:
  ///   - values: the inputs in the order of their declaration, each H · W · C floats.
  ///   - factors: what each handle that the builder gave stands for.
  /// - Returns: the outputs in the order of their declaration, each H · W · C floats.
  /// - Precondition: number and sizes of inputs are those of the network.
  /// - Throws: ``NeuralNetworkError`` of kind `wrongFactor`, before anything runs, when a factor is
  ///   missing or of another size, and when oneDNN fails.
  public func run(
    _ values: [[Float]], factors: [FactorHandle: FactorValues]
  ) throws(NeuralNetworkError) -> [[Float]] {
    try run(values, RunFactors(handled: factors))
  }

  private func run(
    _ values: [[Float]], _ factors: RunFactors
  ) throws(NeuralNetworkError) -> [[Float]] {
    try factors.check(for: steps.map(\.0), factorHandles)
    precondition(values.count == inputs.count, "one array for each input")
    engine.enter()
    let memory = engine.workspaces.borrow(size: memorySize)
    defer { engine.workspaces.giveBack(memory) }
    let run = NetworkRun(plan: plan, memory: memory, factors: factors)
    for (input, elements) in zip(inputs, values) {
      precondition(elements.count == input.elementCount, "an input has H · W · C numbers")
      unsafe elements.withUnsafeBytes { source in
        unsafe run.pointer(input).copyMemory(from: source.baseAddress!, byteCount: source.count)
      }
    }
    for (step, compiled) in steps {
      switch compiled {
      case .convolution(let primitive, let weights, let layer, let operations):
        try run.convolve(step, primitive, weights, layer, operations)
      case .move:
        run.move(step)
      }
    }
    return outputs.map { output in
      unsafe [Float](unsafeUninitializedCapacity: output.elementCount) { buffer, count in
        let source = unsafe run.pointer(output).assumingMemoryBound(to: Float.self)
        unsafe buffer.baseAddress!.initialize(from: source, count: output.elementCount)
        count = output.elementCount
      }
    }
  }
}
