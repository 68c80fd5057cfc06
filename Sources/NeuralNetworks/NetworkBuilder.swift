/// Feature maps that pass between two layers, (1, C, H, W).
public struct Activations: Sendable, Equatable {
  /// C.
  public let channelCount: Int
  /// H.
  public let height: Int
  /// W.
  public let width: Int
  let precision: Precision
  /// Which buffer holds them.
  let buffer: Int
  /// The step that has written the buffer last.
  let step: Int

  var elementCount: Int { channelCount * height * width }
  var size: Int { elementCount * precision.elementSize }
}

/// Strings layers together for pictures of one size.
///
/// Layers are appended in the order in which they run. A layer that adds to other activations
/// overwrites them, so that no sum costs a pass over memory of its own; those must not be used again.
public struct NetworkBuilder {
  /// What runs the network.
  public let engine: Engine
  private(set) var steps: [ExecutionStep] = []
  private(set) var buffers: [MemoryPlan.Request] = []
  private(set) var inputs: [Activations] = []
  private(set) var outputs: [Activations] = []
  private(set) var factors: [FactorHandle] = []

  /// Starts an empty network.
  public init(engine: Engine) {
    self.engine = engine
  }

  /// An input of 32-bit floats, in the engine's precision from here on.
  public mutating func input(channelCount: Int, height: Int, width: Int) -> Activations {
    let values = append(channelCount, height, width, .float32) { .input($0) }
    inputs.append(values)
    guard engine.precision != .float32 else { return values }
    return append(channelCount, height, width, engine.precision, reading: [values]) {
      .convert(from: values, to: $0)
    }
  }

  /// Declares activations to be a result, of 32-bit floats.
  ///
  /// - Precondition: they were made with `isOutput`, or by rearranging such.
  public mutating func output(_ values: Activations) {
    precondition(values.precision == .float32, "results are 32-bit floats")
    // A result lives to the end.
    extendLifetime(of: values, to: .max)
    outputs.append(values)
  }

  /// Declares numbers, one per channel and given at each run, that multiply activations.
  public mutating func factor(channelCount: Int) -> FactorHandle {
    let handle = FactorHandle(index: factors.count, channelCount: channelCount, map: nil)
    factors.append(handle)
    return handle
  }

  /// Declares numbers, one per channel and position and given at each run, that multiply
  /// activations: a map of levels chooses among the rows of a table.
  ///
  /// - Parameters:
  ///   - channelCount: the length of a row.
  ///   - levelCount: how many rows the table has, from 1 to 256.
  ///   - mapHeight: the height of the map.
  ///   - mapWidth: the width of the map.
  public mutating func factor(
    channelCount: Int, levelCount: Int, mapHeight: Int, mapWidth: Int
  ) -> FactorHandle {
    precondition((1...256).contains(levelCount), "a table has from 1 to 256 levels")
    precondition(mapHeight > 0 && mapWidth > 0, "a map has positive sides")
    let handle = FactorHandle(
      index: factors.count, channelCount: channelCount,
      map: .init(levelCount: levelCount, height: mapHeight, width: mapWidth))
    factors.append(handle)
    return handle
  }

  /// Appends a convolution with its activation.
  ///
  /// - Parameters:
  ///   - layer: the convolution.
  ///   - input: what it takes.
  ///   - factor: the name of the numbers, one per channel and given at each run, that multiply the
  ///     sum of convolution and bias before the activation; none by default.
  ///   - added: activations to which the result, after its activation, is added, and which it
  ///     overwrites; none by default.
  ///   - finalActivation: a nonlinearity after that sum.
  ///   - isOutput: whether the result is stored in 32-bit floats in every precision.
  public mutating func convolution(
    _ layer: Convolution, _ input: Activations, factor: String? = nil,
    addingTo added: Activations? = nil, finalActivation: Activation = .identity,
    isOutput: Bool = false
  ) -> Activations {
    convolution(
      layer, input, factor: factor.map(FactorKey.name), addingTo: added,
      finalActivation: finalActivation, isOutput: isOutput)
  }

  /// Appends a convolution with its activation, multiplied by a factor per channel before it.
  ///
  /// - Parameters:
  ///   - layer: the convolution.
  ///   - input: what it takes.
  ///   - factor: what multiplies the sum of convolution and bias, before the activation.
  ///   - added: activations to which the result, after its activation, is added, and which it
  ///     overwrites; none by default.
  ///   - finalActivation: a nonlinearity after that sum.
  ///   - isOutput: whether the result is stored in 32-bit floats in every precision.
  /// - Precondition: the factor is per channel, of as many channels as the layer's output.
  public mutating func convolution(
    _ layer: Convolution, _ input: Activations, factor: FactorHandle,
    addingTo added: Activations? = nil, finalActivation: Activation = .identity,
    isOutput: Bool = false
  ) -> Activations {
    precondition(
      factor.map == nil && factor.channelCount == layer.outputChannelCount
        && factors.indices.contains(factor.index) && factors[factor.index] == factor,
      "a convolution takes one of this network's factors per output channel")
    return convolution(
      layer, input, factor: .handle(factor), addingTo: added, finalActivation: finalActivation,
      isOutput: isOutput)
  }

  private mutating func convolution(
    _ layer: Convolution, _ input: Activations, factor: FactorKey?, addingTo added: Activations?,
    finalActivation: Activation, isOutput: Bool
  ) -> Activations {
    var operations: [PostOperation] = []
    if let factor { operations.append(.scale(factor)) }
    if let operation = layer.activation.operation { operations.append(operation) }
    if added != nil { operations.append(.addDestination) }
    if let operation = finalActivation.operation { operations.append(operation) }
    return convolution(
      layer, input, operations: operations, overwriting: added,
      precision: isOutput ? .float32 : engine.precision)
  }

  /// Appends a transposed convolution with its activation.
  ///
  /// - Parameters:
  ///   - layer: the transposed convolution.
  ///   - input: what it takes.
  ///   - factor: the name of the numbers, one per channel and given at each run, that multiply the
  ///     sum of convolution and bias before the activation; none by default.
  ///   - isOutput: whether the result is stored in 32-bit floats in every precision.
  public mutating func transposedConvolution(
    _ layer: TransposedConvolution, _ input: Activations, factor: String? = nil,
    isOutput: Bool = false
  ) -> Activations {
    convolution(layer.layer, input, factor: factor, isOutput: isOutput)
  }

  /// Appends a transposed convolution with its activation, multiplied by a factor per channel before
  /// it.
  ///
  /// - Precondition: the factor is per channel, of as many channels as the layer's output.
  public mutating func transposedConvolution(
    _ layer: TransposedConvolution, _ input: Activations, factor: FactorHandle,
    isOutput: Bool = false
  ) -> Activations {
    convolution(layer.layer, input, factor: factor, isOutput: isOutput)
  }

  /// Appends a residual block, which overwrites its input.
  public mutating func residualBlock(_ block: ResidualBlock, _ input: Activations) -> Activations {
    let inner = convolution(block.first, input)
    return convolution(
      block.second, inner, addingTo: input, finalActivation: block.activation)
  }

  mutating func convolution(
    _ layer: Convolution, _ input: Activations, operations: [PostOperation],
    overwriting added: Activations?, precision: Precision
  ) -> Activations {
    precondition(
      input.channelCount == layer.inputChannelCount,
      "the layer takes \(layer.inputChannelCount) channels, not \(input.channelCount)")
    let size = layer.outputSize(height: input.height, width: input.width)
    if let added {
      precondition(
        (added.channelCount, added.height, added.width)
          == (layer.outputChannelCount, size.height, size.width),
        "a sum needs equal shapes")
      return append(
        layer.outputChannelCount, size.height, size.width, added.precision,
        reading: [input, added], buffer: added.buffer
      ) { .convolution(layer, from: input, to: $0, operations) }
    }
    return append(
      layer.outputChannelCount, size.height, size.width, precision, reading: [input]
    ) { .convolution(layer, from: input, to: $0, operations) }
  }

  mutating func append(
    _ channelCount: Int, _ height: Int, _ width: Int, _ precision: Precision,
    reading: [Activations] = [], buffer: Int? = nil, _ step: (Activations) -> ExecutionStep
  ) -> Activations {
    let values = Activations(
      channelCount: channelCount, height: height, width: width, precision: precision,
      buffer: buffer ?? buffers.count, step: steps.count)
    for read in reading {
      let latest = steps.lastIndex { $0.destination.buffer == read.buffer }
      precondition(latest == read.step, "these activations have been overwritten")
      extendLifetime(of: read, to: steps.count)
    }
    if buffer == nil {
      // Inputs are filled before the first step.
      let start = reading.isEmpty ? 0 : steps.count
      buffers.append(.init(size: values.size, lifetime: start...steps.count))
    }
    steps.append(step(values))
    return values
  }

  private mutating func extendLifetime(of values: Activations, to step: Int) {
    let lifetime = buffers[values.buffer].lifetime
    buffers[values.buffer].lifetime = lifetime.lowerBound...max(lifetime.upperBound, step)
  }
}
