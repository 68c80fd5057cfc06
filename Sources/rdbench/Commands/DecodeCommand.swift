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
      The first bytes of the file tell the codec, unless --codec names it, which outside codecs \
      need. The picture is written as PNG or PNM, as the output's extension says.

      EXAMPLES:
        rdbench decode photo.jpg photo.png
        rdbench decode photo.j2k photo.ppm
        rdbench decode --model weights.safetensors photo.cw photo.png
        rdbench decode --codec recipe-cjpeg photo.jpg photo.png
      """)

  @Option(help: ArgumentHelp("The codec, if not the one that the file tells.", valueName: "spec"))
  var codec: String?

  @OptionGroup var models: ModelArguments

  @OptionGroup var recipes: RecipeArguments

  @Argument(help: "The coded image.", completion: .file())
  var input: String

  @Argument(help: "Where the picture goes: .png, .ppm, .pgm or .pnm.", completion: .file())
  var output: String

  func run() throws {
    guard let data = FileManager.default.contents(atPath: input) else {
      throw CommandFailure("\(input) cannot be read")
    }
    let bytes = [UInt8](data)
    let codec = try decoder(of: bytes, from: recipes.adding(to: models.registry()))
    let image = try codecCall(file: input) { () throws(CodecError) in
      try codec.decode(bytes)
    }
    try OutputArgument(output, input: input).write(image)
    print("\(output): \(image.width)×\(image.height) pixels, decoded by \(codec.descriptor.id)")
  }

  /// The codec that is named, or else the one whose files begin like these bytes.
  private func decoder(
    of bytes: [UInt8], from registry: CodecRegistry
  ) throws(CommandFailure) -> any Codec {
    if let codec {
      return try codecCall { () throws(CodecError) in try registry.codec(spec: codec) }
    }
    let recognized = try codecCall(file: input) { () throws(CodecError) in
      try registry.decoder(for: bytes)
    }
    guard let recognized else {
      let ids = registry.providers.filter { !$0.isRecipe }.map(\.id).joined(separator: ", ")
      throw CommandFailure("\(input) is of none of the codecs \(ids); --codec names another")
    }
    return recognized
  }
}
