import Codecs
import Imaging
import LearnedCodecs
import NeuralNetworks

/// The content-weighted codec `cw`, or its baseline without importance map, `cw-no-importance`.
///
/// Which of the two is decided by the model. Source: Li, Zuo, Gu, Zhao and Zhang 2017, "Learning
/// Convolutional Networks for Content-weighted Image Compression".
///
/// `encode` runs the encoder network, binarises its output, and sends for each position as many of
/// the bits as the importance map says. `decode` sees the bytes only; the probabilities of the
/// entropy coder are integers, so the same bytes give the same codes everywhere, while the pixels
/// may differ by one between processors.
public struct ContentWeightedCodec: Codec {
  /// Who the codec is: identity, library, parameters and quality scale.
  public let descriptor: CodecDescriptor
  let variant: Variant
  let model: ContentWeightedModel
  let models: CodecModels<ContentWeightedModel>
  let engine: Engine
  private let networks = NetworkCache<ContentWeightedModel.Part>()
  let coder: CoderID
  let mode: QualityMeaning
  let importanceScale: Double
  /// Whether the costs of bits have a say in them.
  let isCostAware: Bool
  let maximumPixelCount: Int

  /// Codes a picture.
  ///
  /// - Parameters:
  ///   - image: 8-bit grey or RGB of at most 2²⁷ pixels; grey goes through the network as RGB.
  ///   - quality: the position on the rate scale, 0 to 1, stored in 1/255ths; with `mode=rate` the
  ///     bits per pixel, met within 2 per cent; `Quality.fixed` for a model of one rate.
  /// - Throws: `CodecError` of kind `invalidQuality`, `unsupportedImage` for too many pixels,
  ///   `encodingFailed` for a rate that cannot be met, and `unavailable` when oneDNN fails.
  public func encode(_ image: Image, at quality: Quality) throws(CodecError) -> EncodedImage {
    let value = try checked(image, at: quality)
    if mode == .rate, let value {
      return try RateControl(codec: self, image: image, bitsPerPixel: value).encode()
    }
    let knob = RateKnob(position: value ?? 0)
    let analysis = try analyze(image, at: knob)
    return file(image, analysis, at: knob, importanceScale: importanceScale).encodedImage
  }

  /// Checks a picture and a quality before anything is done.
  ///
  /// - Returns: the quality's number, or `nil` for a codec without a scale.
  func checked(_ image: Image, at quality: Quality) throws(CodecError) -> Double? {
    let value = try descriptor.validate(quality)
    guard image.pixelCount <= CodedFile.maximumPixelCount else {
      throw failure(
        .unsupportedImage,
        "the picture has more pixels than the format's \(CodedFile.maximumPixelCount)")
    }
    return value
  }

  /// Decodes a picture from its bytes alone.
  ///
  /// - Throws: `CodecError` of kind `corruptData` for damaged bytes, `limitExceeded` for too many
  ///   pixels, and `unavailable` when the file's model is not at hand or oneDNN fails.
  public func decode(_ bytes: [UInt8]) throws(CodecError) -> Image {
    let file = try read(bytes)
    let fileModel = try models.model(of: file)
    let latent = try file.latent(for: fileModel)
    do throws(NeuralNetworkError) {
      return try transforms(fileModel).synthesize(
        latent, at: file.knob, width: file.width, height: file.height,
        colorModel: file.isGray ? .gray : .rgb)
    } catch {
      throw CodecError(error, codec: descriptor.id)
    }
  }

  func read(_ bytes: [UInt8]) throws(CodecError) -> CodedFile {
    try CodedFile(
      bytes, kind: variant.fileKind, of: Self.fileKinds, maximumPixelCount: maximumPixelCount)
  }

  func analyze(
    _ image: Image, at knob: RateKnob
  ) throws(CodecError) -> Transforms.Analysis {
    do throws(NeuralNetworkError) {
      return try transforms(model).analyze(
        image, at: knob, quantizer: isCostAware ? model.quantizer : nil)
    } catch {
      throw CodecError(error, codec: descriptor.id)
    }
  }

  private func transforms(_ model: ContentWeightedModel) -> Transforms {
    Transforms(model: model, engine: engine, networks: networks)
  }

  func file(
    _ image: Image, _ analysis: Transforms.Analysis, at knob: RateKnob, importanceScale: Double
  ) -> CodedFile {
    let costs = isCostAware ? model.entropy.map { ConvolutionalCoder(model: $0, knob: knob) } : nil
    let (latent, codes) = analysis.latent(
      for: model.configuration, knob: knob, importanceScale: importanceScale, costs: costs)
    guard let sectionCoder = coder.coder(for: model.entropy, knob: knob) else {
      preconditionFailure("the provider makes no codec whose model lacks what its coder needs")
    }
    return CodedFile(
      latent, model: model, knob: knob, coderID: coder, coder: sectionCoder,
      codesSection: coder == .convolutional ? codes : nil,
      width: image.width, height: image.height, isGray: image.colorModel == .gray)
  }

  func failure(_ kind: CodecError.Kind, _ message: String) -> CodecError {
    CodecError(codec: descriptor.id, kind: kind, message: message)
  }
}
