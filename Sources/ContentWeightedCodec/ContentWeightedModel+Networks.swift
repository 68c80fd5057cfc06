import Foundation
import LearnedCodecs
import NeuralNetworks

extension ContentWeightedModel {
  /// The two networks.
  enum Part: Sendable {
    case analysis, synthesis
  }

  /// How pictures go in and come out: `(rgb − 127.5) / 127.5`.
  static let pictures = ImageTensorFormat(
    channelCount: 3, center: 127.5, scale: 127.5, padding: .edge)

  /// How far a code or importance level depends on the picture, in positions of 8 pixels.
  ///
  /// Each 3×3 convolution at 1/8 of the size reaches one position further; conv2 (4×4, stride 2),
  /// block1 at 1/4 of the size and conv1 (8×8, stride 4) together reach 14 pixels, so two positions.
  var analysisMargin: Int {
    let blocks = 4
    return blocks + (configuration.hasExtraConvolutions ? 1 : 0)
      + (layers.importance?.convolutions.count ?? 0) + 2
  }

  /// How far a pixel depends on the codes, in positions of 8 pixels.
  ///
  /// As in ``analysisMargin``: conv3 and block3 reach 3 positions of 4 pixels, conv4 and conv5 two
  /// pixels, so two positions together.
  var synthesisMargin: Int {
    let blocks = 4
    return blocks + configuration.firstSynthesisKernel / 2
      + (configuration.hasExtraConvolutions ? 1 : 0) + 2
  }

  /// The encoder network for windows of `height` × `width` positions: picture in, code logits and,
  /// with an importance map, its logits out.
  func analysis(height: Int, width: Int, engine: Engine) -> NetworkBuilder {
    var builder = NetworkBuilder(engine: engine)
    let layers = self.layers.analysis
    let picture = builder.input(
      channelCount: 3, height: height * Self.stride, width: width * Self.stride)
    let bypass = layers.bypass.map { bypass in
      let deep = builder.spaceToDepth(picture, block: Self.stride)
      return builder.convolution(bypass, deep, isOutput: true)
    }
    var values = builder.convolution(layers.conv1, picture, factor: factor("analysis_conv1"))
    values = builder.residualBlock(layers.block1, values)
    values = builder.convolution(layers.conv2, values, factor: factor("analysis_conv2"))
    values = builder.residualBlock(layers.block2, values)
    if let conv3 = layers.conv3 {
      values = builder.convolution(conv3, values, factor: factor("analysis_conv3"))
    }
    let features = builder.residualBlock(layers.block3, values)
    builder.output(
      builder.convolution(layers.code, features, addingTo: bypass, isOutput: true))
    if let importance = self.layers.importance {
      values = features
      for (index, convolution) in importance.convolutions.enumerated() {
        values = builder.convolution(
          convolution, values, factor: factor("importance_conv\(index + 1)"))
      }
      // The factor and shift of the logit are applied outside: one number per position.
      builder.output(builder.convolution(importance.logit, values, isOutput: true))
    }
    return builder
  }

  /// The decoder network for windows of `height` × `width` positions: codes in, picture out.
  func synthesis(height: Int, width: Int, engine: Engine) -> NetworkBuilder {
    var builder = NetworkBuilder(engine: engine)
    let layers = self.layers.synthesis
    let codes = builder.input(
      channelCount: configuration.codeMapCount, height: height, width: width)
    let bypass = layers.bypass.map { bypass in
      let deep = builder.convolution(bypass, codes, isOutput: true)
      return builder.depthToSpace(deep, block: Self.stride)
    }
    var values = builder.convolution(layers.conv1, codes, factor: factor("synthesis_conv1"))
    values = builder.residualBlock(layers.block1, values)
    if let conv2 = layers.conv2 {
      values = builder.convolution(conv2, values, factor: factor("synthesis_conv2"))
    }
    values = builder.residualBlock(layers.block2, values)
    values = builder.depthToSpace(values, block: 2)
    values = builder.convolution(layers.conv3, values, factor: factor("synthesis_conv3"))
    values = builder.residualBlock(layers.block3, values)
    values = builder.depthToSpace(values, block: 4)
    values = builder.convolution(layers.conv4, values, factor: factor("synthesis_conv4"))
    builder.output(
      builder.convolution(layers.conv5, values, addingTo: bypass, isOutput: true))
    return builder
  }

  private func factor(_ name: String) -> String? {
    conditioning == nil ? nil : name
  }
}

/// 1 / (1 + e^−x).
func sigmoid(_ x: Float) -> Float { 1 / (1 + exp(-x)) }
