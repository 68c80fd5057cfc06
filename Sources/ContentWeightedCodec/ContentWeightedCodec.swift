import Codecs
import Imaging
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
  /// What the quality number means.
  enum Mode: String, CaseIterable {
    /// The position of the rate knob, 0 to 1.
    case quality
    /// The bits per pixel of the file.
    case rate
  }

  /// Who the codec is: identity, library, parameters and quality scale.
  public let descriptor: CodecDescriptor
  let model: ContentWeightedModel
  let knownModels: [KnownModel]
  let engine: Engine
  private let networks = CompiledNetworks()
  let coder: CoderID
  let mode: Mode
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
    let value = try descriptor.validate(quality)
    guard image.pixelCount <= Container.maximumPixelCount else {
      throw failure(
        .unsupportedImage,
        "the picture has more pixels than the format's \(Container.maximumPixelCount)")
    }
    if mode == .rate, let value {
      return try RateControl(codec: self, image: image, bitsPerPixel: value).encode()
    }
    let rate = RatePoint(quality: value ?? 0)
    let analysis = try analyze(image, at: rate)
    return container(image, analysis, at: rate, importanceScale: importanceScale).encodedImage
  }

  /// Decodes a picture from its bytes alone.
  ///
  /// - Throws: `CodecError` of kind `corruptData` for damaged bytes, `limitExceeded` for too many
  ///   pixels, and `unavailable` when the file's model is not at hand or oneDNN fails.
  public func decode(_ bytes: [UInt8]) throws(CodecError) -> Image {
    let container = try read(bytes)
    let fileModel = try model(of: container)
    let latent = try container.latent(for: fileModel)
    do throws(NeuralNetworkError) {
      return try transforms(fileModel).synthesize(
        latent, at: container.rate, width: container.width, height: container.height,
        colorModel: container.isGray ? .gray : .rgb)
    } catch {
      throw CodecError(error, codec: descriptor.id)
    }
  }

  func read(_ bytes: [UInt8]) throws(CodecError) -> Container {
    let container: Container
    do throws(CodecError) {
      container = try Container(bytes, maximumPixelCount: maximumPixelCount)
    } catch {
      // The error is this codec's, whichever of the two the bytes claim to be of.
      throw failure(error.kind, error.message)
    }
    guard container.kind.codecID == descriptor.id else {
      throw failure(.corruptData, "the file is one of \(container.kind.codecID)")
    }
    return container
  }

  /// The model that a file was coded with.
  func model(of container: Container) throws(CodecError) -> ContentWeightedModel {
    let candidate = knownModels.first { $0.identifier == container.modelIdentifier }
    guard let candidate else {
      throw failure(
        .unavailable,
        "the file needs the model \(hexadecimal(container.modelIdentifier)): give its weights")
    }
    return try container.kind.load(candidate)
  }

  func analyze(
    _ image: Image, at rate: RatePoint
  ) throws(CodecError) -> Transforms.Analysis {
    do throws(NeuralNetworkError) {
      var transforms = transforms(model)
      transforms.quantizer = isCostAware ? model.quantizer : nil
      return try transforms.analyze(image, at: rate)
    } catch {
      throw CodecError(error, codec: descriptor.id)
    }
  }

  private func transforms(_ model: ContentWeightedModel) -> Transforms {
    Transforms(model: model, engine: engine, networks: networks)
  }

  func container(
    _ image: Image, _ analysis: Transforms.Analysis, at rate: RatePoint, importanceScale: Double
  ) -> Container {
    let decider =
      isCostAware ? model.entropy.map { ConvolutionalCoder(model: $0, rate: rate) } : nil
    let (latent, codes) = analysis.latent(
      for: model.configuration, rate: rate, importanceScale: importanceScale, decidedBy: decider)
    guard let sectionCoder = coder.coder(for: model.entropy, rate: rate) else {
      preconditionFailure("the provider makes no codec whose model lacks what its coder needs")
    }
    return Container(
      latent, model: model, rate: rate, coderID: coder, coder: sectionCoder,
      codesSection: coder == .convolutional ? codes : nil,
      width: image.width, height: image.height, isGray: image.colorModel == .gray)
  }

  func failure(_ kind: CodecError.Kind, _ message: String) -> CodecError {
    CodecError(codec: descriptor.id, kind: kind, message: message)
  }
}

extension CodecError {
  /// A network that could not be loaded or run.
  init(_ error: NeuralNetworkError, codec: String) {
    self.init(
      codec: codec, kind: .unavailable, libraryCode: error.libraryCode, message: error.message)
  }
}
