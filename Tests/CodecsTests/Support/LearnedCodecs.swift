import Codecs

#if Neural
  import Foundation
  import LearnedCodecs

  @testable import ContentWeightedCodec

  /// The learned codecs with small models of random weights, those of ContentWeightedCodecTests.
  enum LearnedCodecs {
    static let providers = ContentWeightedCodec.providers(
      models: ["lambda", "maps"].map { name -> ModelReference in
        let url = URL(filePath: #filePath).deletingLastPathComponent()
          .appending(path: "../../ContentWeightedCodecTests/Fixtures/\(name).safetensors")
        do {
          return ModelReference(try ContentWeightedModel(contentsOf: url))
        } catch {
          fatalError("the fixture \(name): \(error)")
        }
      })

    /// Each codec with each entropy coder that its model has all for.
    static let specs = providers.flatMap { provider in
      CoderID.allCases.map(\.word)
        .filter { (try? provider.codec(["entropy": $0])) != nil }
        .map { "\(provider.id):entropy=\($0)" }
    }

    /// A file of one of the codecs that declares a picture beyond every limit.
    static func hostileFile(_ id: String) -> [UInt8] {
      let kinds = ContentWeightedCodec.fileKinds
      let kind = kinds.first { $0.codecID == id } ?? kinds[0]
      return CodedFile(
        kind: kind, isGray: false, coder: 0, modelIdentifier: [0, 0, 0, 0],
        knob: RateKnob(byte: 0), width: 1 << 27, height: 1 << 27,
        sections: kind.sections.map { _ in [] }
      ).bytes
    }
  }
#else
  /// None in a build without oneDNN.
  enum LearnedCodecs {
    static let providers: [CodecProvider] = []
    static let specs: [String] = []

    static func hostileFile(_ id: String) -> [UInt8] { [] }
  }
#endif
