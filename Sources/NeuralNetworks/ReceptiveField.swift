/// How far outputs of a network depend on its input, for cutting pictures into windows.
public struct ReceptiveField: Sendable, Equatable {
  /// The input positions of one unit, both ways: windows begin and end between units, so that every
  /// activation in between has whole positions.
  public let inputUnit: Int
  /// The output positions that belong to one unit.
  public let outputUnit: Int
  /// How many units around a unit its outputs depend on, in the direction where they reach furthest.
  public let margin: Int
}

extension NetworkBuilder {
  /// The receptive field of activations with regard to an input, from the layers between them.
  ///
  /// - Precondition: the activations depend on the input.
  public func receptiveField(of values: Activations, from input: Activations) -> ReceptiveField {
    var needed: [Int: Bool] = [values.step: true]
    for index in steps.indices.reversed() where needed[index] != nil {
      for source in sources(of: index) { needed[source] = true }
    }
    // Positions per input position, as a fraction, of whatever lies between.
    var scales: [Int: (numerator: Int, denominator: Int)] = [input.step: (1, 1)]
    for index in steps.indices where needed[index] != nil && scales[index] == nil {
      guard let scale = sources(of: index).lazy.compactMap({ scales[$0] }).first else { continue }
      let (up, down) = steps[index].scaling
      let (top, bottom) = (scale.numerator * up, scale.denominator * down)
      let divisor = greatestCommonDivisor(top, bottom)
      scales[index] = (top / divisor, bottom / divisor)
    }
    guard let scale = scales[values.step] else {
      preconditionFailure("these activations do not depend on the input")
    }
    let inputUnit = scales.values.reduce(1) {
      $0 / greatestCommonDivisor($0, $1.denominator) * $1.denominator
    }
    let outputUnit = inputUnit * scale.numerator / scale.denominator
    let margin = [false, true].map { isVertical in
      var ranges: [Int: ClosedRange<Int>] = [values.step: 0...outputUnit - 1]
      for index in steps.indices.reversed() where index != input.step && scales[index] != nil {
        guard let range = ranges[index] else { continue }
        let previous = previousStep(of: index)
        for source in sources(of: index) where scales[source] != nil {
          // What a sum overwrites lies at the same positions as the sum.
          let reach =
            source == previous
            ? range : steps[index].sourceRange(of: range, isVertical: isVertical)
          let known = ranges[source] ?? reach
          ranges[source] =
            min(known.lowerBound, reach.lowerBound)...max(known.upperBound, reach.upperBound)
        }
      }
      let range = ranges[input.step] ?? 0...0
      return max(
        0, -floorDivision(range.lowerBound, inputUnit), floorDivision(range.upperBound, inputUnit))
    }
    return ReceptiveField(
      inputUnit: inputUnit, outputUnit: outputUnit, margin: max(margin[0], margin[1]))
  }

  /// The step whose result a convolution adds to, or `nil` if it adds to none.
  private func previousStep(of index: Int) -> Int? {
    guard case .convolution(_, _, let output, let operations) = steps[index],
      operations.contains(.addDestination)
    else { return nil }
    return steps[..<index].lastIndex { $0.destination.buffer == output.buffer }
  }

  private func sources(of index: Int) -> [Int] {
    let previous = previousStep(of: index).map { [$0] } ?? []
    return steps[index].sources.map(\.step) + previous
  }
}

extension ExecutionStep {
  /// What the step reads, beside what it overwrites.
  fileprivate var sources: [Activations] {
    switch self {
    case .input: []
    case .multiply(let first, let second, _), .add(let first, let second, _): [first, second]
    case .concatenate(let parts, _): parts
    case .convert(let source, _), .magnitude(let source, _), .maximumPool(let source, _),
      .modulate(let source, _, _), .depthToSpace(let source, _, _),
      .spaceToDepth(let source, _, _), .enlarge(let source, _, _),
      .convolution(_, let source, _, _):
      [source]
    }
  }

  /// By how much the step makes its input longer, and by how much shorter.
  fileprivate var scaling: (up: Int, down: Int) {
    switch self {
    case .input, .convert, .multiply, .add, .magnitude, .concatenate, .modulate: (1, 1)
    case .depthToSpace(_, _, let block): (block, 1)
    case .enlarge(_, _, let factor): (factor, 1)
    case .spaceToDepth(_, _, let block): (1, block)
    case .maximumPool: (1, 2)
    case .convolution(let layer, _, _, _):
      layer.isTransposed ? (layer.stride, 1) : (1, layer.stride)
    }
  }

  /// The input positions that some output positions depend on, one way.
  fileprivate func sourceRange(of range: ClosedRange<Int>, isVertical: Bool) -> ClosedRange<Int> {
    let (up, down) = scaling
    guard case .convolution(let layer, _, _, _) = self else {
      return floorDivision(
        range.lowerBound * down, up)...floorDivision(
          range.upperBound * down + down - 1, up)
    }
    let kernel = isVertical ? layer.kernelSize.height : layer.kernelSize.width
    let before = isVertical ? layer.padding.top : layer.padding.left
    if layer.isTransposed {
      return -floorDivision(
        kernel - 1 - before - range.lowerBound, up)...floorDivision(
          range.upperBound + before, up)
    }
    return range.lowerBound * down - before...range.upperBound * down - before + kernel - 1
  }
}

/// ⌊a / b⌋ for positive b.
private func floorDivision(_ a: Int, _ b: Int) -> Int {
  a >= 0 ? a / b : -((b - 1 - a) / b)
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
  b == 0 ? a : greatestCommonDivisor(b, a % b)
}
