import Codecs
import Imaging
import LearnedCodecs
import NeuralNetworks

/// A learned codec of one layer each way: all that a second family needs.
///
/// A latent is rounded to steps that the rate knob sets and takes a byte; no entropy coder follows.
struct TinyCodec: LearnedCodecFamily, Codec {
  typealias Model = TinyModel

  enum Part: Sendable {
    case encoder, decoder
  }

  static let kind = FileKind(
    byte: 0x74, codecID: "tiny", sections: [.init(.codes)], coders: ["none"])
  static let fileKinds = [kind]

  let descriptor: CodecDescriptor
  private let model: TinyModel
  private let models: CodecModels<TinyModel>
  private let engine: Engine
  private let networks = NetworkCache<Part>()
  private let maximumPixelCount: Int
  var coreLength = 128

  static func providers(models: [ModelReference], maximumPixelCount: Int) -> [CodecProvider] {
    let models = CodecModels<TinyModel>(models, of: kind.codecID)
    return [
      CodecProvider(
        id: kind.codecID, summary: "a learned codec of the tests",
        parameters: [models.parameter, LearnedParameters.precision, LearnedParameters.threads],
        recognizes: { kind.begins($0) }
      ) { parameters throws(CodecError) in
        try TinyCodec(models, parameters, maximumPixelCount: maximumPixelCount)
      }
    ]
  }

  init(
    _ models: CodecModels<TinyModel>, _ parameters: CodecParameters, maximumPixelCount: Int
  ) throws(CodecError) {
    self.models = models
    self.maximumPixelCount = maximumPixelCount
    model = try models.model(parameters)
    engine = try LearnedParameters.engine(parameters, codec: models.codec)
    descriptor = CodecDescriptor(
      id: models.codec, displayName: "Tiny", library: "oneDNN",
      libraryVersion: Engine.libraryVersion, parameters: parameters,
      qualityScale: QualityMeaning.knobScale, fileExtension: "tiny",
      threadCount: LearnedParameters.threadCount(parameters),
      modelDigest: model.sha256, origin: .ownCode, bytesDependOnBuild: true)
  }

  private var format: ImageTensorFormat {
    ImageTensorFormat(
      channelCount: model.configuration.channelCount, center: 128, scale: 128, padding: .reflection)
  }

  private func network(_ part: Part, of model: TinyModel) -> WindowedNetwork<Part> {
    let engine = self.engine
    return WindowedNetwork(
      part, modelDigest: model.digest, margin: part == .encoder ? 1 : 0, coreLength: coreLength,
      cache: networks
    ) { height, width in
      model.layers(part, height: height, width: width, engine: engine)
    }
  }

  /// Latents from −1 to 1 take this many steps to either side.
  private func stepCount(_ knob: RateKnob) -> Float { 7 + 120 * knob.position }

  func encode(_ image: Image, at quality: Quality) throws(CodecError) -> EncodedImage {
    let knob = RateKnob(position: try descriptor.validate(quality) ?? 0)
    guard format.takes(image.colorModel) else {
      throw CodecError(codec: descriptor.id, kind: .unsupportedImage, message: "it is not grey")
    }
    let channels = model.configuration.channelCount
    let grid = LatentGrid(
      imageWidth: image.width, imageHeight: image.height, stride: TinyModel.stride)
    var codes = [UInt8](repeating: 0, count: grid.positionCount * channels)
    do throws(NeuralNetworkError) {
      try network(.encoder, of: model).run(
        on: image, over: grid, as: format,
        factors: model.conditioning?.factors(at: knob.position) ?? [:]
      ) { window, outputs in
        window.forEachKeptPosition(of: grid) { position, inWindow in
          for channel in 0..<channels {
            let value = outputs[0][inWindow * channels + channel] * stepCount(knob)
            codes[position * channels + channel] = UInt8(
              bitPattern: Int8(min(max(value.rounded(), -127), 127)))
          }
        }
      }
    } catch {
      throw CodecError(error, codec: descriptor.id)
    }
    return CodedFile(
      kind: Self.kind, isGray: image.colorModel == .gray, coder: 0,
      modelIdentifier: model.identifier, knob: knob, width: image.width, height: image.height,
      sections: [codes]
    ).encodedImage
  }

  func decode(_ bytes: [UInt8]) throws(CodecError) -> Image {
    let file = try CodedFile(
      bytes, kind: Self.kind, of: Self.fileKinds, maximumPixelCount: maximumPixelCount)
    let model = try models.model(of: file)
    let channels = model.configuration.channelCount
    let grid = LatentGrid(
      imageWidth: file.width, imageHeight: file.height, stride: TinyModel.stride)
    guard file[.codes].count == grid.positionCount * channels else {
      throw CodecError(codec: descriptor.id, kind: .corruptData, message: "codes are missing")
    }
    let codes = file[.codes].map { Float(Int8(bitPattern: $0)) / stepCount(file.knob) }
    do throws(NeuralNetworkError) {
      return try network(.decoder, of: model).picture(
        width: file.width, height: file.height, colorModel: file.isGray ? .gray : .rgb, from: grid,
        as: format, factors: [:]
      ) { window in
        var latent = [Float](repeating: 0, count: window.positionCount * channels)
        window.forEachPosition(of: grid) { position, inWindow in
          for channel in 0..<channels {
            latent[inWindow * channels + channel] = codes[position * channels + channel]
          }
        }
        return [latent]
      }
    } catch {
      throw CodecError(error, codec: descriptor.id)
    }
  }
}
