import Imaging
import NeuralNetworks

/// A part of a latent that a network computes at once.
package struct LatentWindow: Sendable {
  /// Rows of positions.
  package let rows: Tiling.Window
  /// Columns of positions.
  package let columns: Tiling.Window

  /// Goes through the positions whose results are kept.
  ///
  /// - Parameters:
  ///   - grid: the whole latent.
  ///   - body: takes a position's index in the grid and in the window, each row by row.
  package func forEachKeptPosition(of grid: LatentGrid, _ body: (Int, Int) -> Void) {
    for row in rows.core {
      let start =
        (row - rows.extent.lowerBound) * columns.extent.count - columns.extent.lowerBound
      for column in columns.core { body(row * grid.width + column, start + column) }
    }
  }

  /// Goes through all positions, row by row.
  ///
  /// - Parameters:
  ///   - grid: the whole latent.
  ///   - body: takes a position's index in the grid and in the window.
  package func forEachPosition(of grid: LatentGrid, _ body: (Int, Int) -> Void) {
    var index = 0
    for row in rows.extent {
      for column in columns.extent {
        body(row * grid.width + column, index)
        index += 1
      }
    }
  }

  /// The number of positions.
  package var positionCount: Int { rows.extent.count * columns.extent.count }
}

/// A network of a model at work on pictures or latents of every size.
///
/// They are cut into windows of up to ``coreLength`` positions and a margin on each side as wide as
/// the network's receptive field, so that the results are those of the whole, and memory grows with
/// the window instead of the picture.
package struct WindowedNetwork<Part: Hashable & Sendable>: Sendable {
  /// Which of the model's networks it is.
  package let part: Part
  /// The SHA-256 of the model file.
  package let modelDigest: [UInt8]
  /// How far a result depends on its neighbours, in positions.
  package let margin: Int
  /// The longest side of a window without its margins, in positions.
  package let coreLength: Int
  private let cache: NetworkCache<Part>
  private let layers: @Sendable (_ height: Int, _ width: Int) -> NetworkBuilder

  /// Describes a network.
  ///
  /// - Parameters:
  ///   - part: which of the model's networks it is.
  ///   - modelDigest: the SHA-256 of the model file.
  ///   - margin: how far a result depends on its neighbours, in positions.
  ///   - coreLength: the longest side of a window without its margins, in positions.
  ///   - cache: what earlier runs compiled.
  ///   - layers: the network for windows of `height` × `width` positions.
  package init(
    _ part: Part, modelDigest: [UInt8], margin: Int, coreLength: Int = 128,
    cache: NetworkCache<Part>,
    layers: @escaping @Sendable (_ height: Int, _ width: Int) -> NetworkBuilder
  ) {
    self.part = part
    self.modelDigest = modelDigest
    self.margin = margin
    self.coreLength = coreLength
    self.cache = cache
    self.layers = layers
  }

  /// Runs the network over all windows.
  ///
  /// - Parameters:
  ///   - grid: the whole.
  ///   - factors: the numbers by which layers are conditioned.
  ///   - inputs: makes the network's inputs for a window.
  ///   - results: takes the network's outputs for a window.
  /// - Throws: `NeuralNetworkError` when oneDNN refuses.
  package func run(
    over grid: LatentGrid, factors: [String: [Float]], inputs: (LatentWindow) -> [[Float]],
    results: (LatentWindow, [[Float]]) -> Void
  ) throws(NeuralNetworkError) {
    let columns = Tiling(length: grid.width, coreLength: coreLength, margin: margin).windows
    let rows = Tiling(length: grid.height, coreLength: coreLength, margin: margin).windows
    try cache.run { () throws(NeuralNetworkError) in
      for rows in rows {
        for columns in columns {
          let window = LatentWindow(rows: rows, columns: columns)
          let (height, width) = (rows.extent.count, columns.extent.count)
          let network = try cache.network(part, of: modelDigest, height: height, width: width) {
            layers(height, width)
          }
          results(window, try network.run(inputs(window), factors: factors))
        }
      }
    }
  }

  /// Runs a network that takes a picture.
  ///
  /// - Parameters:
  ///   - image: the picture.
  ///   - grid: its positions.
  ///   - format: how the network takes it.
  ///   - factors: the numbers by which layers are conditioned.
  ///   - results: takes the network's outputs for a window.
  /// - Throws: `NeuralNetworkError` when oneDNN refuses.
  package func run(
    on image: Image, over grid: LatentGrid, as format: ImageTensorFormat,
    factors: [String: [Float]], results: (LatentWindow, [[Float]]) -> Void
  ) throws(NeuralNetworkError) {
    try run(over: grid, factors: factors) { window in
      [
        format.values(
          of: image, rows: window.rows.extent.scaled(by: grid.stride),
          columns: window.columns.extent.scaled(by: grid.stride))
      ]
    } results: { window, outputs in
      results(window, outputs)
    }
  }

  /// Runs a network whose first output is a picture.
  ///
  /// - Parameters:
  ///   - width: the picture's width in pixels, of which `grid` has as many as it needs.
  ///   - height: the picture's height in pixels.
  ///   - colorModel: the picture's colour model.
  ///   - grid: its positions.
  ///   - format: how the network gives it.
  ///   - factors: the numbers by which layers are conditioned.
  ///   - inputs: makes the network's inputs for a window.
  /// - Throws: `NeuralNetworkError` when oneDNN refuses.
  package func picture(
    width: Int, height: Int, colorModel: Image.ColorModel, from grid: LatentGrid,
    as format: ImageTensorFormat, factors: [String: [Float]], inputs: (LatentWindow) -> [[Float]]
  ) throws(NeuralNetworkError) -> Image {
    precondition(format.takes(colorModel), "a grey network gives grey pictures")
    var samples = [UInt8](repeating: 0, count: width * height * colorModel.channelCount)
    try run(over: grid, factors: factors, inputs: inputs) { window, outputs in
      let stride = grid.stride
      let (rows, columns) = (window.rows, window.columns)
      format.store(
        outputs[0], valueWidth: columns.extent.count * stride,
        origin: (rows.extent.lowerBound * stride, columns.extent.lowerBound * stride),
        rows: rows.core.scaled(by: stride).clamped(to: 0..<height),
        columns: columns.core.scaled(by: stride).clamped(to: 0..<width), into: &samples,
        width: width, colorModel: colorModel)
    }
    return Image(width: width, height: height, colorModel: colorModel, samples: samples)
  }
}

extension Range<Int> {
  fileprivate func scaled(by factor: Int) -> Self { lowerBound * factor..<upperBound * factor }
}
