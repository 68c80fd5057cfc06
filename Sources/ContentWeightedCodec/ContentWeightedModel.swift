import LearnedCodecs
import NeuralNetworks

/// A trained content-weighted network: its configuration, its layers and its identity.
///
/// Source: Li, Zuo, Gu, Zhao and Zhang 2017, with the layers of the CLIC 2018 implementation; the
/// forward pass is that of <doc:ForwardPass>.
public final class ContentWeightedModel: LearnedModel {
  /// The word for this network in model files.
  public static let kinds = ["content_weighted"]

  /// Pixels per position of the codes and the importance map, each way.
  static let stride = 8

  /// The shape of the network.
  public let configuration: ModelConfiguration
  /// The SHA-256 of the model file.
  public let digest: [UInt8]
  let layers: Layers
  /// What conditions the layers on the rate knob, if anything does.
  let conditioning: RateConditioning?
  /// The probabilities of the coder `convolutional`, if the model has them.
  let entropy: EntropyModel?
  /// What decides code bits by their cost, if the model has it; never without ``entropy``.
  let quantizer: RateDistortionQuantizer?

  /// Reads the shape of the network.
  ///
  /// - Throws: `NeuralNetworkError` of kind `malformedFile` for an unknown or missing key, a wrong
  ///   type, or a value that no network has.
  public static func configuration(
    of file: ModelFile
  ) throws(NeuralNetworkError) -> ModelConfiguration {
    try ModelConfiguration(file)
  }

  /// Reads a model file.
  ///
  /// - Throws: `NeuralNetworkError` when the file breaks a rule of its format, or does not hold exactly
  ///   the tensors that its configuration asks for.
  public init(_ file: ModelFile) throws(NeuralNetworkError) {
    let configuration = try ModelConfiguration(file)
    var weights = file.weights
    layers = try Layers(configuration, &weights)
    conditioning =
      configuration.modulationHiddenCount > 0
      ? try RateConditioning(configuration, &weights) : nil
    entropy = try EntropyModel(configuration, &weights)
    quantizer = try RateDistortionQuantizer(configuration, &weights)
    try weights.finish()
    self.configuration = configuration
    digest = file.digest
  }

  /// Which of the two codecs it is for.
  var variant: ContentWeightedCodec.Variant {
    configuration.importanceLevelCount > 0 ? .withImportanceMap : .withoutImportanceMap
  }

  /// The id of the codec that it is for.
  public var codecID: String { variant.fileKind.codecID }

  /// The positions of a picture.
  static func grid(width: Int, height: Int) -> LatentGrid {
    LatentGrid(imageWidth: width, imageHeight: height, stride: stride)
  }
}
