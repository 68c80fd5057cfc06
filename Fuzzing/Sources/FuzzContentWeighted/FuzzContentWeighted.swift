import CLibFuzzer
import Codecs
import ContentWeightedCodec
import Foundation
import Imaging
import LearnedCodecs
import NeuralNetworks

/// Decodes what libFuzzer comes up with as files of `cw` and `cw-no-importance`.
///
/// Usage: FuzzContentWeighted MODELS SEEDS [libFuzzer's options and corpus folders]
///
/// MODELS is a folder of model files. Into the folder SEEDS go files of every codec and entropy
/// coder, from which libFuzzer starts. A crash, a hang, memory beyond libFuzzer's limits, a picture
/// above ``FuzzedCodecs/maximumPixelCount`` or an error of the wrong kind is a finding.
@main
struct FuzzContentWeighted {
  static func main() throws {
    guard CommandLine.argc >= 3 else {
      fatalError("usage: FuzzContentWeighted MODELS SEEDS [options and folders of libFuzzer]")
    }
    let arguments = CommandLine.arguments
    let codecs = try FuzzedCodecs(modelFolder: URL(filePath: arguments[1]))
    try codecs.writeSeeds(to: URL(filePath: arguments[2]))
    unsafe fuzzedCodecs = codecs
    // libFuzzer sees the program's name and what follows the two folders.
    var count = CommandLine.argc - 2
    unsafe CommandLine.unsafeArgv[2] = CommandLine.unsafeArgv[0]
    var remaining = unsafe CommandLine.unsafeArgv + 2
    exit(
      unsafe LLVMFuzzerRunDriver(&count, &remaining) { data, size in
        unsafe fuzzedCodecs.decode(Array(UnsafeBufferPointer(start: data, count: size)))
        return 0
      })
  }
}

/// What the callback works with, since libFuzzer hands it nothing but bytes; set once, before it runs.
nonisolated(unsafe) private var fuzzedCodecs = FuzzedCodecs()

/// The codecs under test.
struct FuzzedCodecs {
  /// The largest picture that is decoded.
  static let maximumPixelCount = 65_536

  private var providers: [CodecProvider] = []
  private var decoders: [ContentWeightedCodec] = []

  /// None.
  init() {}

  /// The codecs that the models of a folder make possible.
  init(modelFolder: URL) throws {
    let files = try FileManager.default.contentsOfDirectory(
      at: modelFolder, includingPropertiesForKeys: nil)
    let names = files.filter { $0.pathExtension == "safetensors" && !$0.isFixture }
    var models: [ModelReference] = []
    for file in names.sorted(by: { $0.path < $1.path }) {
      models.append(ModelReference(try ContentWeightedModel(contentsOf: file)))
    }
    providers = ContentWeightedCodec.providers(
      models: models, maximumPixelCount: Self.maximumPixelCount)
    decoders = try providers.compactMap { try $0.codec() as? ContentWeightedCodec }
    guard decoders.count == 2 else {
      fatalError("\(modelFolder.path) has no models for one of the codecs")
    }
  }

  /// Decodes one input with everything that reads such files.
  func decode(_ bytes: [UInt8]) {
    for decoder in decoders {
      expectPictureOrError { () throws(CodecError) in
        let image = try decoder.decode(bytes)
        precondition(image.pixelCount <= Self.maximumPixelCount, "beyond the declared limit")
      }
    }
    expectPictureOrError { () throws(CodecError) in
      _ = try decoders[0].importanceMapPicture(bytes)
    }
    expectPictureOrError { () throws(CodecError) in
      _ = try CodedFileInspection(bytes, kinds: ContentWeightedCodec.fileKinds)
    }
  }

  private func expectPictureOrError(_ work: () throws(CodecError) -> Void) {
    do throws(CodecError) {
      try work()
    } catch {
      // A file may name a model that is not here, which is no damage.
      precondition(
        [.corruptData, .limitExceeded, .unavailable].contains(error.kind),
        "\(error.kind): \(error.message)")
      precondition(error.libraryCode == nil, "oneDNN failed: \(error.message)")
    }
  }

  /// Writes small valid files: every codec, model and entropy coder, grey and RGB.
  func writeSeeds(to folder: URL) throws {
    for provider in providers {
      for model in provider.words("model") {
        for entropy in provider.words("entropy") {
          // A model need not have what every entropy coder wants.
          let parameters = ["model": model, "entropy": entropy]
          guard let codec = try? provider.codec(parameters) else { continue }
          for (index, size) in [(1, 1), (9, 17), (48, 40), (255, 8)].enumerated() {
            let image = Self.picture(size.0, size.1, index.isMultiple(of: 2) ? .rgb : .gray)
            let quality = codec.descriptor.qualityScale == nil ? Quality.fixed : .value(0.7)
            let bytes = try codec.encode(image, at: quality).bytes
            let name = "\(provider.id)-\(model)-\(entropy)-\(size.0)x\(size.1)"
            try Data(bytes).write(to: folder.appending(path: name))
          }
        }
      }
    }
  }

  private static func picture(_ width: Int, _ height: Int, _ model: Image.ColorModel) -> Image {
    var generator = SeededGenerator(seed: UInt64(width))
    let samples = (0..<width * height * model.channelCount).map { index in
      UInt8(truncatingIfNeeded: index / 5 + Int.random(in: 0..<64, using: &generator))
    }
    return Image(width: width, height: height, colorModel: model, samples: samples)
  }
}

extension CodecProvider {
  /// The words that a parameter takes.
  fileprivate func words(_ parameter: String) -> [String] {
    guard case .choice(let words)? = parameters.first(where: { $0.name == parameter })?.values
    else { fatalError("\(id) has no parameter \(parameter)") }
    return words
  }
}

extension URL {
  /// Whether the file holds expected results of the tests instead of weights.
  fileprivate var isFixture: Bool { lastPathComponent.hasSuffix(".fixture.safetensors") }
}
