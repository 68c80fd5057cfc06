/// Hands out the tensors of a file, and knows at the end which of them nobody asked for.
public struct WeightReader {
  private let file: SafeTensors
  private let elementType: SafeTensors.ElementType?
  private var used: Set<String> = []

  /// Starts reading.
  ///
  /// - Parameters:
  ///   - file: where the tensors are.
  ///   - elementType: the type that every tensor must have, or `nil` for any.
  public init(_ file: SafeTensors, elementType: SafeTensors.ElementType? = nil) {
    self.file = file
    self.elementType = elementType
  }

  /// Reads a tensor as 32-bit floats.
  ///
  /// - Throws: ``NeuralNetworkError`` of kind `wrongTensor` that names the tensor when it is
  ///   missing, of another shape or of another type, or has elements that are not finite.
  public mutating func tensor(
    _ name: String, shape: [Int]
  ) throws(NeuralNetworkError) -> Tensor {
    if let elementType, let entry = file.entries[name], entry.elementType != elementType {
      throw NeuralNetworkError(
        .wrongTensor,
        "\(name) in \(file.name) has the type \(entry.elementType.rawValue), not "
          + elementType.rawValue)
    }
    used.insert(name)
    let tensor = try file.tensor(name, shape: shape)
    guard tensor.elements.allSatisfy(\.isFinite) else {
      throw NeuralNetworkError(
        .wrongTensor, "\(name) in \(file.name) has elements that are infinite or no number")
    }
    return tensor
  }

  /// Reads a tensor of whole numbers.
  ///
  /// - Throws: ``NeuralNetworkError`` as ``SafeTensors/integers(_:shape:as:)``.
  public mutating func integers<Integer: FixedWidthInteger & SignedInteger>(
    _ name: String, shape: [Int], as type: Integer.Type
  ) throws(NeuralNetworkError) -> [Integer] {
    used.insert(name)
    return try file.integers(name, shape: shape, as: type)
  }

  /// Ends reading.
  ///
  /// - Throws: ``NeuralNetworkError`` of kind `wrongTensor` when tensors are left over.
  public func finish() throws(NeuralNetworkError) {
    let unused = Set(file.entries.keys).subtracting(used).sorted()
    guard unused.isEmpty else {
      throw NeuralNetworkError(
        .wrongTensor,
        "\(file.name) has tensors that the network does not use: "
          + unused.prefix(5).joined(separator: ", ") + (unused.count > 5 ? ", …" : ""))
    }
  }
}
