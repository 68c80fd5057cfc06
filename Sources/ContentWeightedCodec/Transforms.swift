import Imaging
import NeuralNetworks

/// The networks of a model at work on whole pictures: the only path, for pictures of every size.
///
/// A picture is cut into windows of up to ``coreLength`` positions and a margin on each side as wide
/// as the networks' receptive fields, so that the results are those of the whole picture, and memory
/// grows with the window instead of the picture.
struct Transforms: Sendable {
  let model: ContentWeightedModel
  let engine: Engine
  /// What turns code logits into limits; `nil`: their signs decide.
  var quantizer: RateDistortionQuantizer?
  /// What earlier calls compiled.
  var networks = CompiledNetworks()
  /// The longest side of a window without its margins, in positions of 8 pixels.
  var coreLength = 128

  /// What the encoder network says about a picture.
  struct Analysis: Sendable {
    let grid: LatentGrid
    /// What each code bit needs to be one, map by map, each row by row: 0 where it is one and 255
    /// where it is none in any case, and between them as `ContextNetworkWalk.decideNextMap` says.
    let limits: [UInt8]
    /// p in 0…1 of each position, row by row; empty without importance map.
    let importance: [Float]
  }

  /// Runs the encoder network.
  func analyze(_ image: Image, at rate: RatePoint) throws(NeuralNetworkError) -> Analysis {
    let grid = LatentGrid(imageWidth: image.width, imageHeight: image.height)
    let knob = rate.knob(model.configuration)
    let factors = model.modulation?.factors(at: knob) ?? [:]
    let hasMap = model.layers.importance != nil
    let mapCount = model.configuration.codeMapCount
    let rules =
      quantizer?.rules(at: knob)
      ?? [RateDistortionQuantizer.Rule](repeating: .sign, count: mapCount)
    var limits = [UInt8](repeating: 0, count: mapCount * grid.positionCount)
    var logits = [Float](repeating: 0, count: hasMap ? grid.positionCount : 0)
    try forEachWindow(of: grid, margin: model.analysisMargin) {
      (rows, columns) throws(NeuralNetworkError) in
      let network = try network(.analysis, rows, columns)
      let pixels = image.networkInput(
        rows: rows.extent.scaled(by: LatentGrid.stride),
        columns: columns.extent.scaled(by: LatentGrid.stride))
      let results = try network.run([pixels], factors: factors)
      for row in rows.core {
        for column in columns.core {
          let inWindow =
            (row - rows.extent.lowerBound) * columns.extent.count + column
            - columns.extent.lowerBound
          let position = row * grid.width + column
          for map in 0..<mapCount {
            limits[map * grid.positionCount + position] = rules[map].limit(
              results[0][inWindow * mapCount + map])
          }
          if hasMap { logits[position] = results[1][inWindow] }
        }
      }
    }
    let factor = factors[Modulation.importanceLogit]?[0] ?? 1
    let shift = model.modulation?.importanceShift(at: knob) ?? 0
    return Analysis(
      grid: grid, limits: limits, importance: logits.map { sigmoid(factor * $0 + shift) })
  }

  /// Runs the decoder network.
  func synthesize(
    _ latent: Latent, at rate: RatePoint, width: Int, height: Int, colorModel: Image.ColorModel
  ) throws(NeuralNetworkError) -> Image {
    let grid = latent.grid
    let mapCount = model.configuration.codeMapCount
    let factors = model.modulation?.factors(at: rate.knob(model.configuration)) ?? [:]
    var samples = [UInt8](repeating: 0, count: width * height * colorModel.channelCount)
    try forEachWindow(of: grid, margin: model.synthesisMargin) {
      (rows, columns) throws(NeuralNetworkError) in
      let network = try network(.synthesis, rows, columns)
      var codes = [Float](
        repeating: 0, count: rows.extent.count * columns.extent.count * mapCount)
      var index = 0
      for row in rows.extent {
        for column in columns.extent {
          let position = row * grid.width + column
          for map in 0..<Int(latent.mapCounts[position]) {
            codes[index + map] = latent.bits[map * grid.positionCount + position] == 1 ? 1 : -1
          }
          index += mapCount
        }
      }
      let values = try network.run([codes], factors: factors)[0]
      let stride = LatentGrid.stride
      let origin = (
        row: rows.extent.lowerBound * stride, column: columns.extent.lowerBound * stride
      )
      for y in rows.core.scaled(by: stride).clamped(to: 0..<height) {
        for x in columns.core.scaled(by: stride).clamped(to: 0..<width) {
          let source = 3 * ((y - origin.row) * columns.extent.count * stride + x - origin.column)
          switch colorModel {
          case .rgb:
            let target = 3 * (y * width + x)
            for channel in 0..<3 {
              samples[target + channel] = sample(values[source + channel])
            }
          case .gray:
            let mean = (values[source] + values[source + 1] + values[source + 2]) / 3
            samples[y * width + x] = sample(mean)
          }
        }
      }
    }
    return Image(width: width, height: height, colorModel: colorModel, samples: samples)
  }

  private func network(
    _ part: CompiledNetworks.Part, _ rows: Tiling.Window, _ columns: Tiling.Window
  ) throws(NeuralNetworkError) -> Network {
    try networks.network(
      part, of: model, height: rows.extent.count, width: columns.extent.count, engine: engine)
  }

  private func forEachWindow(
    of grid: LatentGrid, margin: Int,
    _ body: (Tiling.Window, Tiling.Window) throws(NeuralNetworkError) -> Void
  ) throws(NeuralNetworkError) {
    let columns = Tiling(length: grid.width, coreLength: coreLength, margin: margin).windows
    for row in Tiling(length: grid.height, coreLength: coreLength, margin: margin).windows {
      for column in columns { try body(row, column) }
    }
  }
}

extension Range<Int> {
  fileprivate func scaled(by factor: Int) -> Self { lowerBound * factor..<upperBound * factor }
}

/// The 8-bit sample of a network output: `round(clamp(127.5 · y + 127.5, 0, 255))`.
private func sample(_ value: Float) -> UInt8 {
  let scaled = 127.5 * value + 127.5
  guard scaled > 0 else { return 0 }
  return scaled < 255 ? UInt8(scaled.rounded(.toNearestOrEven)) : 255
}
