import LearnedCodecs
import NeuralNetworks

extension RateConditioning {
  /// The name of the importance logit's factor and shift.
  static let importanceLogit = "importance_logit"

  /// Reads the conditioning of a content-weighted network.
  init(
    _ configuration: ModelConfiguration, _ weights: inout WeightReader
  ) throws(NeuralNetworkError) {
    try self.init(
      hiddenCount: configuration.modulationHiddenCount,
      layers: Self.conditionedLayers(configuration),
      shiftedScalars: configuration.importanceLevelCount > 0 ? [Self.importanceLogit] : [],
      &weights)
  }

  /// The conditioned layers, a `_` in place of the point, with their output channels.
  private static func conditionedLayers(_ configuration: ModelConfiguration) -> [Layer] {
    var layers: [Layer] = []
    for (index, channels) in configuration.analysisChannels.enumerated()
    where index < 2 || configuration.hasExtraConvolutions {
      layers.append(Layer("analysis_conv\(index + 1)", channelCount: channels))
    }
    if configuration.importanceLevelCount > 0 {
      for (index, channels) in configuration.importanceChannels.enumerated() {
        layers.append(Layer("importance_conv\(index + 1)", channelCount: channels))
      }
      layers.append(Layer(importanceLogit, channelCount: 1))
    }
    for (index, channels) in configuration.synthesisChannels.enumerated()
    where index != 1 || configuration.hasExtraConvolutions {
      layers.append(Layer("synthesis_conv\(index + 1)", channelCount: channels))
    }
    return layers
  }
}
