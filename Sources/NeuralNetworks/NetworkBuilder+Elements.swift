/// Steps that compute each element from those at the same position.
extension NetworkBuilder {
  /// Appends a layer that is connected to every element of its input, (C, H, W) to (D, 1, 1).
  ///
  /// - Precondition: the input has the shape that the layer was made for.
  public mutating func dense(
    _ layer: Dense, _ input: Activations, isOutput: Bool = false
  ) -> Activations {
    precondition(
      (input.height, input.width) == layer.layer.kernelSize, "a dense layer takes one shape only")
    return convolution(layer.layer, input, isOutput: isOutput)
  }

  /// Appends a divisive normalization.
  public mutating func normalization(
    _ layer: DivisiveNormalization, _ input: Activations
  ) -> Activations {
    let terms: Activations
    let operations: [PostOperation]
    switch layer.exponent {
    case .square:
      terms = product(input, input)
      operations = [layer.isInverse ? .squareRoot : .inverseSquareRoot]
    case .magnitude:
      terms = append(
        input.channelCount, input.height, input.width, input.precision, reading: [input]
      ) { .magnitude(from: input, to: $0) }
      operations = layer.isInverse ? [] : [.reciprocal]
    }
    let factor = convolution(
      layer.energy, terms, operations: operations, overwriting: nil, precision: input.precision)
    return product(input, factor)
  }

  /// Appends the sum of two activations of one shape, both of which stay as they are.
  ///
  /// The sum inside a convolution, which overwrites, is faster where it is possible.
  ///
  /// - Precondition: shapes and precisions are equal.
  public mutating func sum(_ first: Activations, _ second: Activations) -> Activations {
    precondition(
      (first.channelCount, first.height, first.width)
        == (second.channelCount, second.height, second.width)
        && first.precision == second.precision, "a sum needs equal shapes and precisions")
    return append(
      first.channelCount, first.height, first.width, first.precision, reading: [first, second]
    ) { .add(first, second, to: $0) }
  }

  /// Appends the product of activations and a factor per channel and position.
  ///
  /// - Precondition: the factor has the input's channels, and the sides of its map divide the
  ///   input's; each level then covers a rectangle of positions.
  public mutating func modulation(_ input: Activations, by factor: FactorHandle) -> Activations {
    guard let map = factor.map, factors.indices.contains(factor.index),
      factors[factor.index] == factor
    else { preconditionFailure("a modulation takes one of this network's factors per position") }
    precondition(
      factor.channelCount == input.channelCount && input.height % map.height == 0
        && input.width % map.width == 0, "channels and map must fit the input")
    return append(
      input.channelCount, input.height, input.width, input.precision, reading: [input]
    ) { .modulate(from: input, to: $0, factor) }
  }

  /// Not a post-operation: with an operand of the result's shape, oneDNN 2.6 computes wrong values
  /// on processors without AVX2.
  private mutating func product(_ first: Activations, _ second: Activations) -> Activations {
    append(
      first.channelCount, first.height, first.width, first.precision, reading: [first, second]
    ) { .multiply(first, second, to: $0) }
  }
}
