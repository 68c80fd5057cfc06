import Codecs
import NeuralNetworks

extension ContentWeightedCodec {
  /// The codecs that these models make possible: `cw` for those with importance map,
  /// `cw-no-importance` for those without.
  ///
  /// - Parameters:
  ///   - models: what files may be decoded with; the first of each codec encodes unless the
  ///     parameter `model` names another. A codec without model is still listed, so that its files
  ///     are recognised, and says what it lacks when it is made.
  ///   - maximumPixelCount: the largest picture that is decoded, at most the format's own 2²⁷.
  public static func providers(
    models: [ContentWeightedModel], maximumPixelCount: Int = 1 << 27
  ) -> [CodecProvider] {
    providers(knownModels: models.map(KnownModel.init), maximumPixelCount: maximumPixelCount)
  }

  /// The codecs that these models make possible, none of which is read before it is needed.
  ///
  /// - Parameters:
  ///   - knownModels: what files may be decoded with; one that is given twice counts once.
  ///   - maximumPixelCount: the largest picture that is decoded, at most the format's own 2²⁷.
  public static func providers(
    knownModels: [KnownModel], maximumPixelCount: Int = 1 << 27
  ) -> [CodecProvider] {
    Container.Kind.allCases.map { kind in
      let hasMap = kind == .withImportanceMap
      var fitting: [KnownModel] = []
      for model in knownModels where model.codec == kind.codecID {
        if !fitting.contains(where: { $0.digest == model.digest }) { fitting.append(model) }
      }
      let models = fitting
      return CodecProvider(
        id: kind.codecID,
        summary: hasMap
          ? "content-weighted learned codec (Li et al. 2017)"
          : "the learned codec without importance map, its baseline",
        parameters: parameters(kind, models),
        recognizes: { Container.begins($0, kind) }
      ) { parameters throws(CodecError) in
        guard let model = models.first(where: { $0.name == parameters["model"] }) else {
          throw CodecError(
            codec: kind.codecID, kind: .unavailable,
            message: "this build has no weights for it; give some with --model FILE")
        }
        return try ContentWeightedCodec(
          kind, try kind.load(model), knownModels: models, parameters,
          maximumPixelCount: maximumPixelCount)
      }
    }
  }

  private static func parameters(
    _ kind: Container.Kind, _ models: [KnownModel]
  ) -> [CodecParameter] {
    let names = models.isEmpty ? ["none"] : models.map(\.name)
    // A model that cannot be read says so when the codec is made.
    let configuration = try? models.first?.configuration()
    let usual = CoderID.usual(for: configuration)
    var parameters = [
      CodecParameter(
        "model", .choice(names), default: names[0], help: "the weights, by their SHA-256"),
      CodecParameter(
        "entropy", .choice(CoderID.allCases.map(\.word)),
        default: usual.word, help: "how the bits are coded"),
      .flag(
        "rdoq", default: configuration?.rdoqKnobCount != nil,
        help: "weigh what a bit costs against what it saves"),
      CodecParameter(
        "precision", .choice(Precision.allCases.map(\.rawValue)),
        default: Precision.float32.rawValue, help: "how the networks compute"),
      CodecParameter(
        "threads", .integer(1...256), default: "1", help: "threads of the networks"),
    ]
    if kind == .withImportanceMap {
      parameters += [
        CodecParameter(
          "mode", .choice(Mode.allCases.map(\.rawValue)), default: Mode.quality.rawValue,
          help: "what the quality number means: a rate knob or bits per pixel"),
        CodecParameter(
          "importance-scale", .number(0...8), default: "1",
          help: "factor of the importance map before it is quantised"),
      ]
    }
    return parameters
  }

  private init(
    _ kind: Container.Kind, _ model: ContentWeightedModel, knownModels: [KnownModel],
    _ parameters: CodecParameters, maximumPixelCount: Int
  ) throws(CodecError) {
    self.model = model
    self.knownModels = knownModels
    self.maximumPixelCount = maximumPixelCount
    // The provider has checked every word against the list of choices.
    let coder = CoderID.allCases.first { $0.word == parameters["entropy"] } ?? .cabac
    guard coder.coder(for: model.entropy, rate: RatePoint(byte: 0)) != nil else {
      throw CodecError(
        codec: kind.codecID, kind: .invalidParameter,
        message: "the model \(model.name) has no probabilities for entropy=\(coder.word): "
          + "choose entropy=\(CoderID.usual(for: model.configuration).word)")
    }
    self.coder = coder
    isCostAware = parameters.isOn("rdoq")
    guard !isCostAware || model.quantizer != nil else {
      throw CodecError(
        codec: kind.codecID, kind: .invalidParameter,
        message: "the model \(model.name) has no tables for rdoq=true: choose rdoq=false")
    }
    let precision = Precision(rawValue: parameters["precision"]) ?? .float32
    switch kind {
    case .withImportanceMap:
      mode = Mode(rawValue: parameters["mode"]) ?? .quality
      importanceScale = Double(parameters["importance-scale"]) ?? 1
    case .withoutImportanceMap:
      mode = .quality
      importanceScale = 1
    }
    guard mode == .quality || importanceScale == 1 else {
      throw CodecError(
        codec: kind.codecID, kind: .invalidParameter,
        message: "mode=rate chooses the importance scale itself: leave importance-scale out")
    }
    do throws(NeuralNetworkError) {
      engine = try Engine(precision: precision, threadCount: Int(parameters["threads"]) ?? 1)
    } catch {
      throw CodecError(error, codec: kind.codecID)
    }
    descriptor = CodecDescriptor(
      id: kind.codecID,
      displayName: kind == .withImportanceMap
        ? "Content-weighted" : "Content-weighted, no importance map",
      library: "oneDNN", libraryVersion: Engine.libraryVersion, parameters: parameters,
      qualityScale: Self.qualityScale(mode, model.configuration), fileExtension: kind.fileExtension,
      threadCount: Int(parameters["threads"]) ?? 1, modelDigest: hexadecimal(model.digest),
      origin: .ownCode, bytesDependOnBuild: true, bytesDependOnInstructionSet: true)
  }

  private static func qualityScale(
    _ mode: Mode, _ configuration: ModelConfiguration
  ) -> QualityScale? {
    switch mode {
    case .rate:
      // All maps and the importance map, uncoded.
      let planes = planeCount(levelCount: configuration.importanceLevelCount)
      let upper = Double(configuration.codeMapCount + planes) / 64
      return QualityScale(
        name: "rate", unit: "bits per pixel", range: 0.01...upper, step: nil,
        direction: .higherIsBetter,
        recommendedSweep: [
          0.1, 0.125, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
        ].filter { $0 <= upper })
    case .quality:
      guard configuration.rateMode != .fixed else { return nil }
      return QualityScale(
        name: "quality", unit: "", range: 0...1, step: nil, direction: .higherIsBetter,
        recommendedSweep: [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1])
    }
  }
}

extension Container.Kind {
  /// Reads a model.
  ///
  /// - Throws: `CodecError` of kind `unavailable`.
  func load(_ model: KnownModel) throws(CodecError) -> ContentWeightedModel {
    do throws(NeuralNetworkError) {
      return try model.model()
    } catch {
      throw CodecError(error, codec: codecID)
    }
  }

  /// The usual file name extension.
  fileprivate var fileExtension: String {
    switch self {
    case .withImportanceMap: "cw"
    case .withoutImportanceMap: "cwn"
    }
  }
}
