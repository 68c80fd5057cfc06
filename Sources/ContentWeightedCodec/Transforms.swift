import Imaging
import LearnedCodecs
import NeuralNetworks

/// The networks of a model at work on whole pictures: the only path, for pictures of every size.
struct Transforms: Sendable {
  let model: ContentWeightedModel
  let engine: Engine
  /// What earlier calls compiled.
  var networks = NetworkCache<ContentWeightedModel.Part>()
  /// The longest side of a window without its margins, in positions of 8 pixels.
  var coreLength = 128

  /// What the encoder network says about a picture.
  struct Analysis: Sendable {
    let grid: LatentGrid
    /// What each code bit needs to be one, map by map, each row by row: 0 where it is one and 255
    /// where it is none in any case, and between them as `ContextNetworkWalk.decideNextMap` says.
    let decisionThresholds: [UInt8]
    /// p in 0…1 of each position, row by row; empty without importance map.
    var importance: [Float]
  }

  /// Runs the encoder network.
  ///
  /// - Parameters:
  ///   - image: the picture.
  ///   - knob: the position of the rate knob.
  ///   - quantizer: what turns code logits into thresholds; `nil`: their signs decide.
  func analyze(
    _ image: Image, at knob: RateKnob, quantizer: RateDistortionQuantizer? = nil
  ) throws(NeuralNetworkError) -> Analysis {
    let grid = ContentWeightedModel.grid(width: image.width, height: image.height)
    let t = knob.networkInput(model.configuration)
    let factors = model.conditioning?.factors(at: t) ?? [:]
    let hasMap = model.layers.importance != nil
    let mapCount = model.configuration.codeMapCount
    let rules =
      quantizer?.rules(at: t)
      ?? [RateDistortionQuantizer.Rule](repeating: .sign, count: mapCount)
    var thresholds = [UInt8](repeating: 0, count: mapCount * grid.positionCount)
    var logits = [Float](repeating: 0, count: hasMap ? grid.positionCount : 0)
    try network(.analysis).run(
      on: image, over: grid, as: ContentWeightedModel.pictures, factors: factors
    ) { window, results in
      window.forEachKeptPosition(of: grid) { position, inWindow in
        for map in 0..<mapCount {
          thresholds[map * grid.positionCount + position] = rules[map].threshold(
            results[0][inWindow * mapCount + map])
        }
        if hasMap { logits[position] = results[1][inWindow] }
      }
    }
    let factor = factors[RateConditioning.importanceLogit]?[0] ?? 1
    let shift =
      hasMap
      ? model.conditioning?.shift(of: RateConditioning.importanceLogit, at: t) ?? 0 : 0
    return Analysis(
      grid: grid, decisionThresholds: thresholds,
      importance: logits.map { sigmoid(factor * $0 + shift) })
  }

  /// Runs the decoder network.
  func synthesize(
    _ latent: Latent, at knob: RateKnob, width: Int, height: Int, colorModel: Image.ColorModel
  ) throws(NeuralNetworkError) -> Image {
    let grid = latent.grid
    let mapCount = model.configuration.codeMapCount
    let t = knob.networkInput(model.configuration)
    return try network(.synthesis).picture(
      width: width, height: height, colorModel: colorModel, from: grid,
      as: ContentWeightedModel.pictures, factors: model.conditioning?.factors(at: t) ?? [:]
    ) { window in
      var codes = [Float](repeating: 0, count: window.positionCount * mapCount)
      window.forEachPosition(of: grid) { position, inWindow in
        for map in 0..<Int(latent.mapCounts[position]) {
          codes[inWindow * mapCount + map] =
            latent.bits[map * grid.positionCount + position] == 1 ? 1 : -1
        }
      }
      return [codes]
    }
  }

  private func network(
    _ part: ContentWeightedModel.Part
  ) -> WindowedNetwork<ContentWeightedModel.Part> {
    let (model, engine) = (self.model, self.engine)
    return WindowedNetwork(
      part, modelDigest: model.digest,
      margin: part == .analysis ? model.analysisMargin : model.synthesisMargin,
      coreLength: coreLength, cache: networks
    ) { height, width in
      switch part {
      case .analysis: model.analysis(height: height, width: width, engine: engine)
      case .synthesis: model.synthesis(height: height, width: width, engine: engine)
      }
    }
  }
}
