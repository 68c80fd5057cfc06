/// Steps that move elements to other positions or channels.
extension NetworkBuilder {
  /// Appends (C, H, W) to (C / r², H · r, W · r): channel c · r² + dy · r + dx goes to channel c at
  /// (y · r + dy, x · r + dx), as PyTorch's `pixel_shuffle`.
  ///
  /// - Precondition: r² divides C.
  public mutating func depthToSpace(_ input: Activations, block: Int) -> Activations {
    precondition(input.channelCount % (block * block) == 0, "r² must divide the channels")
    return append(
      input.channelCount / (block * block), input.height * block, input.width * block,
      input.precision, reading: [input]
    ) { .depthToSpace(from: input, to: $0, block: block) }
  }

  /// Appends the inverse of ``depthToSpace(_:block:)``, (C, H, W) to (C · r², H / r, W / r).
  ///
  /// - Precondition: r divides H and W.
  public mutating func spaceToDepth(_ input: Activations, block: Int) -> Activations {
    precondition(
      input.height % block == 0 && input.width % block == 0, "r must divide height and width")
    return append(
      input.channelCount * block * block, input.height / block, input.width / block,
      input.precision, reading: [input]
    ) { .spaceToDepth(from: input, to: $0, block: block) }
  }

  /// Appends the channels of several activations, one after another.
  ///
  /// - Precondition: there is at least one; heights, widths and precisions are equal.
  public mutating func concatenation(_ parts: [Activations]) -> Activations {
    precondition(!parts.isEmpty, "a concatenation needs something to join")
    let (height, width, precision) = (parts[0].height, parts[0].width, parts[0].precision)
    precondition(
      parts.allSatisfy { ($0.height, $0.width, $0.precision) == (height, width, precision) },
      "joined channels need equal sizes and precisions")
    let channelCount = parts.reduce(0) { $0 + $1.channelCount }
    return append(channelCount, height, width, precision, reading: parts) {
      .concatenate(parts, to: $0)
    }
  }

  /// Appends the largest of each 2×2 positions, (C, H, W) to (C, H / 2, W / 2).
  ///
  /// - Precondition: H and W are even.
  public mutating func maximumPool(_ input: Activations) -> Activations {
    precondition(
      input.height % 2 == 0 && input.width % 2 == 0, "2×2 pooling needs an even height and width")
    return append(
      input.channelCount, input.height / 2, input.width / 2, input.precision, reading: [input]
    ) { .maximumPool(from: input, to: $0) }
  }

  /// Appends each position repeated `factor` times both ways, (C, H, W) to (C, H · factor, W ·
  /// factor).
  ///
  /// - Precondition: the factor is positive.
  public mutating func enlargement(_ input: Activations, factor: Int) -> Activations {
    precondition(factor > 0, "an enlargement is positive")
    return append(
      input.channelCount, input.height * factor, input.width * factor, input.precision,
      reading: [input]
    ) { .enlarge(from: input, to: $0, factor: factor) }
  }
}
