/// A dense array of 32-bit floats, the last dimension fastest.
public struct Tensor: Sendable, Equatable {
  /// The extents, outermost first: (N, C, H, W) for a stack of pictures, (outputs, inputs, kernel
  /// height, kernel width) for the weights of a convolution.
  public let shape: [Int]
  /// The elements, as many as the product of the extents.
  public var elements: [Float]

  /// Makes a tensor from its elements.
  ///
  /// - Precondition: the number of elements is the product of the extents.
  public init(shape: [Int], elements: [Float]) {
    precondition(
      shape.reduce(1, *) == elements.count, "a tensor has as many elements as its shape says")
    self.shape = shape
    self.elements = elements
  }
}
