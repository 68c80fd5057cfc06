/// One step of a network.
enum ExecutionStep {
  case input(Activations)
  case convert(from: Activations, to: Activations)
  case multiply(Activations, Activations, to: Activations)
  case add(Activations, Activations, to: Activations)
  case magnitude(from: Activations, to: Activations)
  case modulate(from: Activations, to: Activations, FactorHandle)
  case concatenate([Activations], to: Activations)
  case depthToSpace(from: Activations, to: Activations, block: Int)
  case spaceToDepth(from: Activations, to: Activations, block: Int)
  case maximumPool(from: Activations, to: Activations)
  case enlarge(from: Activations, to: Activations, factor: Int)
  case convolution(Convolution, from: Activations, to: Activations, [PostOperation])

  /// What the step writes.
  var destination: Activations {
    switch self {
    case .input(let values): values
    case .convert(_, let values): values
    case .multiply(_, _, let values): values
    case .add(_, _, let values): values
    case .magnitude(_, let values): values
    case .modulate(_, let values, _): values
    case .concatenate(_, let values): values
    case .depthToSpace(_, let values, _): values
    case .spaceToDepth(_, let values, _): values
    case .maximumPool(_, let values): values
    case .enlarge(_, let values, _): values
    case .convolution(_, _, let values, _): values
    }
  }
}
