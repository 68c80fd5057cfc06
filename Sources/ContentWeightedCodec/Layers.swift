import LearnedCodecs
import NeuralNetworks

/// The layers of a content-weighted network: the one place that knows the tensors' names.
///
/// H × W are multiples of 8, h × w = H/8 × W/8; C, S and n are the configuration's channels.
struct Layers: Sendable {
  /// (N, 3, H, W) to f(x) (N, C3, h, w) and the code logits (N, n, h, w).
  struct Analysis: Sendable {
    let conv1: Convolution
    let block1: ResidualBlock
    let conv2: Convolution
    let block2: ResidualBlock
    let conv3: Convolution?
    let block3: ResidualBlock
    let code: Convolution
    /// On the 8×8 space-to-depth picture, added to the logits.
    let bypass: Convolution?
  }

  /// f(x) to the importance logit (N, 1, h, w), before its factor and shift.
  struct Importance: Sendable {
    let convolutions: [Convolution]
    let logit: Convolution
  }

  /// Codes of −1, 0 and 1 (N, n, h, w) to the picture (N, 3, H, W), −1 to 1.
  struct Synthesis: Sendable {
    let conv1: Convolution
    let block1: ResidualBlock
    let conv2: Convolution?
    let block2: ResidualBlock
    let conv3: Convolution
    let block3: ResidualBlock
    let conv4: Convolution
    let conv5: Convolution
    /// Through depth to space by 8, added to the picture.
    let bypass: Convolution?
  }

  let analysis: Analysis
  let importance: Importance?
  let synthesis: Synthesis

  /// Reads all the layers that the configuration has.
  init(
    _ configuration: ModelConfiguration, _ weights: inout WeightReader
  ) throws(NeuralNetworkError) {
    var source = LayerReader(
      weights, activation: configuration.activation, slope: Float(configuration.activationSlope))
    func block(
      _ name: String, _ channels: Int, _ source: inout LayerReader
    ) throws(NeuralNetworkError) -> ResidualBlock {
      try source.residualBlock(
        name, channels, inner: configuration.residualChannelCount,
        activatesBranch: configuration.hasActivationOnBranch,
        activatesSum: configuration.hasActivationAfterSum)
    }
    let a = configuration.analysisChannels
    let s = configuration.synthesisChannels
    let features = configuration.featureChannelCount
    let deep = configuration.deepChannelCount
    let n = configuration.codeMapCount
    let extra = configuration.hasExtraConvolutions
    analysis = Analysis(
      conv1: try source.convolution("analysis.conv1", 3, a[0], kernel: 8, stride: 4, padding: 2),
      block1: try block("analysis.block1", a[0], &source),
      conv2: try source.convolution("analysis.conv2", a[0], a[1], kernel: 4, stride: 2, padding: 1),
      block2: try block("analysis.block2", a[1], &source),
      conv3: extra ? try source.convolution("analysis.conv3", a[1], a[2], kernel: 3) : nil,
      block3: try block("analysis.block3", features, &source),
      code: try source.convolution("analysis.code", features, n, kernel: 1, isLinear: true),
      bypass: configuration.hasBypass ? try source.projection("analysis.bypass", 3 * 64, n) : nil)
    if configuration.importanceLevelCount > 0 {
      var convolutions: [Convolution] = []
      var inputs = features
      for (index, channels) in configuration.importanceChannels.enumerated() {
        convolutions.append(
          try source.convolution("importance.conv\(index + 1)", inputs, channels, kernel: 3))
        inputs = channels
      }
      importance = Importance(
        convolutions: convolutions,
        logit: try source.convolution("importance.logit", inputs, 1, kernel: 1, isLinear: true))
    } else {
      importance = nil
    }
    synthesis = Synthesis(
      conv1: try source.convolution(
        "synthesis.conv1", n, s[0], kernel: configuration.firstSynthesisKernel),
      block1: try block("synthesis.block1", s[0], &source),
      conv2: extra ? try source.convolution("synthesis.conv2", s[0], s[1], kernel: 3) : nil,
      block2: try block("synthesis.block2", deep, &source),
      conv3: try source.convolution("synthesis.conv3", deep / 4, s[2], kernel: 3),
      block3: try block("synthesis.block3", s[2], &source),
      conv4: try source.convolution("synthesis.conv4", s[2] / 16, s[3], kernel: 3),
      conv5: try source.convolution(
        "synthesis.conv5", s[3], 3, kernel: configuration.lastSynthesisKernel, isLinear: true),
      bypass: configuration.hasBypass ? try source.projection("synthesis.bypass", n, 3 * 64) : nil)
    weights = source.weights
  }
}
