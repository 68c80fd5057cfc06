import ArgumentParser
import Codecs
import Foundation
import Imaging

/// `rdbench decode`: decodes one file; the file tells which codec it is of.
struct DecodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode",
    abstract: "Decode an image that any codec wrote.",
    discussion: """
      The first bytes of the file tell the codec. The picture is written as PNG or PNM, as the \
      output's extension says.

      EXAMPLES:
        rdbench decode photo.jpg photo.png
        rdbench decode photo.j2k photo.ppm
        rdbench decode --model weights.safetensors photo.cw photo.png
      """)

  @OptionGroup var models: ModelArguments

  @Argument(help: "The coded image.", completion: .file())
  var input: String

  @Argument(help: "Where the picture goes: .png, .ppm, .pgm or .pnm.", completion: .file())
  var output: String

  func run() throws {
    guard let data = FileManager.default.contents(atPath: input) else {
      throw CommandFailure("\(input) cannot be read")
    }
    let bytes = [UInt8](data)
    let registry = try models.registry()
    guard let provider = registry.provider(recognizing: bytes) else {
      let ids = registry.providers.map(\.id).joined(separator: ", ")
      throw CommandFailure("\(input) is of none of the codecs \(ids)")
    }
    let image = try codecCall(file: input) { () throws(CodecError) in
      try provider.codec().decode(EncodedImage(bytes: bytes))
    }
    try OutputArgument(output, input: input).write(image)
    print("\(output): \(image.width)×\(image.height) pixels, decoded by \(provider.id)")
  }
}
