import Codecs
import LearnedCodecs
import NeuralNetworks

extension ContentWeightedCodec: LearnedCodecFamily {
  /// The models of both codecs.
  public typealias Model = ContentWeightedModel

  /// The files of both codecs.
  public static let fileKinds = Variant.allCases.map(\.fileKind)

  /// The codecs that some models make possible: `cw` for those with importance map,
  /// `cw-no-importance` for those without.
  public static func providers(
    models: [ModelReference], maximumPixelCount: Int
  ) -> [CodecProvider] {
    Variant.allCases.map { variant in
      let kind = variant.fileKind
      let models = CodecModels<ContentWeightedModel>(models, of: kind.codecID)
      let configuration = models.defaultConfiguration()
      return CodecProvider(
        id: kind.codecID, summary: variant.summary,
        parameters: parameters(variant, models, try? configuration.get()),
        recognizes: { kind.begins($0) }
      ) { parameters throws(CodecError) in
        // The defaults among the parameters are those of this configuration.
        _ = try configuration.get()
        return try ContentWeightedCodec(
          variant, models, parameters, maximumPixelCount: maximumPixelCount)
      }
    }
  }

  private static func parameters(
    _ variant: Variant, _ models: CodecModels<ContentWeightedModel>,
    _ configuration: ModelConfiguration?
  ) -> [CodecParameter] {
    var parameters = [
      models.parameter,
      CodecParameter(
        "entropy", .choice(CoderID.allCases.map(\.word)),
        default: CoderID.default(for: configuration).word, help: "how the bits are coded"),
      .flag(
        "rdoq", default: configuration?.rdoqKnobCount != nil,
        help: "weigh what a bit costs against what it saves"),
      LearnedParameters.precision, LearnedParameters.threads,
    ]
    if variant == .withImportanceMap {
      parameters += [
        QualityMeaning.parameter,
        CodecParameter(
          "importance-scale", .number(0...8), default: "1",
          help: "factor of the importance map before it is quantised"),
      ]
    }
    return parameters
  }

  private init(
    _ variant: Variant, _ models: CodecModels<ContentWeightedModel>,
    _ parameters: CodecParameters, maximumPixelCount: Int
  ) throws(CodecError) {
    let id = models.codec
    func invalid(_ message: String) -> CodecError {
      CodecError(codec: id, kind: .invalidParameter, message: message)
    }
    model = try models.model(parameters)
    self.variant = variant
    self.models = models
    self.maximumPixelCount = maximumPixelCount
    coder = CoderID(parameters)
    guard coder.coder(for: model.entropy, knob: RateKnob(byte: 0)) != nil else {
      throw invalid(
        "the model \(model.name) has no probabilities for entropy=\(coder.word): "
          + "choose entropy=\(CoderID.default(for: model.configuration).word)")
    }
    isCostAware = parameters.isOn("rdoq")
    guard !isCostAware || model.quantizer != nil else {
      throw invalid("the model \(model.name) has no tables for rdoq=true: choose rdoq=false")
    }
    switch variant {
    case .withImportanceMap:
      mode = LearnedParameters.word(parameters, "mode")
      guard let scale = Double(parameters["importance-scale"]) else {
        preconditionFailure("importance-scale has been checked to be a number")
      }
      importanceScale = scale
    case .withoutImportanceMap:
      mode = .quality
      importanceScale = 1
    }
    guard mode == .quality || importanceScale == 1 else {
      throw invalid("mode=rate chooses the importance scale itself: leave importance-scale out")
    }
    engine = try LearnedParameters.engine(parameters, codec: id)
    descriptor = CodecDescriptor(
      id: id, displayName: variant.displayName, library: "oneDNN",
      libraryVersion: Engine.libraryVersion, parameters: parameters,
      qualityScale: Self.qualityScale(mode, model.configuration),
      fileExtension: variant.fileExtension,
      threadCount: LearnedParameters.threadCount(parameters),
      modelDigest: model.sha256, origin: .ownCode, bytesDependOnBuild: true,
      bytesDependOnInstructionSet: true)
  }

  private static func qualityScale(
    _ mode: QualityMeaning, _ configuration: ModelConfiguration
  ) -> QualityScale? {
    switch mode {
    case .rate:
      // All maps and the importance map, uncoded.
      let planes = planeCount(levelCount: configuration.importanceLevelCount)
      let positionPixelCount = ContentWeightedModel.stride * ContentWeightedModel.stride
      return QualityMeaning.rateScale(
        upTo: Double(configuration.codeMapCount + planes) / Double(positionPixelCount))
    case .quality:
      return configuration.rateMode == .fixed ? nil : QualityMeaning.knobScale
    }
  }
}
