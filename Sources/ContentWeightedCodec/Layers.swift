import NeuralNetworks

/// The layers of a content-weighted network.
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
    var source = LayerSource(configuration: configuration, weights: weights)
    let a = configuration.analysisChannels
    let s = configuration.synthesisChannels
    let features = configuration.featureChannelCount
    let deep = configuration.deepChannelCount
    let n = configuration.codeMapCount
    let extra = configuration.hasExtraConvolutions
    analysis = Analysis(
      conv1: try source.convolution("analysis.conv1", 3, a[0], kernel: 8, stride: 4, padding: 2),
      block1: try source.block("analysis.block1", a[0]),
      conv2: try source.convolution("analysis.conv2", a[0], a[1], kernel: 4, stride: 2, padding: 1),
      block2: try source.block("analysis.block2", a[1]),
      conv3: extra ? try source.convolution("analysis.conv3", a[1], a[2], kernel: 3) : nil,
      block3: try source.block("analysis.block3", features),
      code: try source.convolution("analysis.code", features, n, kernel: 1, isLinear: true),
      bypass: try source.bypass("analysis.bypass", 3 * 64, n))
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
      block1: try source.block("synthesis.block1", s[0]),
      conv2: extra ? try source.convolution("synthesis.conv2", s[0], s[1], kernel: 3) : nil,
      block2: try source.block("synthesis.block2", deep),
      conv3: try source.convolution("synthesis.conv3", deep / 4, s[2], kernel: 3),
      block3: try source.block("synthesis.block3", s[2]),
      conv4: try source.convolution("synthesis.conv4", s[2] / 16, s[3], kernel: 3),
      conv5: try source.convolution(
        "synthesis.conv5", s[3], 3, kernel: configuration.lastSynthesisKernel, isLinear: true),
      bypass: try source.bypass("synthesis.bypass", n, 3 * 64))
    weights = source.weights
  }
}

/// Makes layers from the tensors of a model file: the one place that knows the tensors' names.
private struct LayerSource {
  let configuration: ModelConfiguration
  var weights: WeightReader

  mutating func convolution(
    _ name: String, _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1,
    padding: Int? = nil, isLinear: Bool = false
  ) throws(NeuralNetworkError) -> Convolution {
    Convolution(
      weights: try weights.tensor("\(name).weight", shape: [outputs, inputs, kernel, kernel]),
      bias: try weights.tensor("\(name).bias", shape: [outputs]).elements, stride: stride,
      padding: padding ?? kernel / 2,
      activation: isLinear ? .identity : try activation(name, outputs))
  }

  mutating func bypass(
    _ name: String, _ inputs: Int, _ outputs: Int
  ) throws(NeuralNetworkError) -> Convolution? {
    guard configuration.hasBypass else { return nil }
    return Convolution(
      weights: try weights.tensor("\(name).weight", shape: [outputs, inputs, 1, 1]), bias: nil,
      padding: 0)
  }

  mutating func block(
    _ name: String, _ channels: Int
  ) throws(NeuralNetworkError) -> ResidualBlock {
    let inner = configuration.residualChannelCount
    return ResidualBlock(
      first: try convolution("\(name).conv1", channels, inner, kernel: 3),
      second: try convolution(
        "\(name).conv2", inner, channels, kernel: 3,
        isLinear: !configuration.hasActivationOnBranch),
      activation: configuration.hasActivationAfterSum ? try activation(name, channels) : .identity)
  }

  private mutating func activation(
    _ name: String, _ channels: Int
  ) throws(NeuralNetworkError) -> Activation {
    switch configuration.activation {
    case .relu: .relu
    case .leakyReLU: .leakyReLU(slope: Float(configuration.activationSlope))
    case .prelu:
      .prelu(
        slopes: try weights.tensor("\(name).activation.slope", shape: [channels]).elements)
    }
  }
}
