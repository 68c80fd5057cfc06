import Analysis
import ArgumentParser
import Codecs
import Foundation
import Imaging

/// `rdbench encode`: codes one image file.
struct EncodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "encode",
    abstract: "Code an image with any codec.",
    discussion: """
      The file holds the codec's own format and nothing else; ‘rdbench decode’ and every other \
      program for that format read it.

      EXAMPLES:
        rdbench encode --codec jpeg --quality 75 photo.png photo.jpg
        rdbench encode --codec jpeg2000:mode=psnr --quality 38 photo.png photo.j2k
        rdbench encode --codec raw photo.png photo.ppm
        rdbench encode --codec recipe-cjpeg --quality 75 photo.png photo.jpg
        rdbench encode --codec cw --model weights.safetensors --quality 0.5 photo.png photo.cw
        rdbench encode --codec cw --quality 0.5 --importance faces.png photo.png photo.cw
      """)

  @Option(help: ArgumentHelp("The codec, with parameters as in webp:method=4.", valueName: "spec"))
  var codec: String

  @Option(help: ArgumentHelp("The position on the codec's quality scale.", valueName: "number"))
  var quality: Double?

  @Option(
    help: ArgumentHelp(
      "A grey picture that says where quality matters, brighter is better.",
      discussion: "It is stretched over the image. For codecs that can be steered, such as cw.",
      valueName: "image"),
    completion: .file())
  var importance: String?

  @OptionGroup var models: ModelArguments

  @OptionGroup var recipes: RecipeArguments

  @Argument(help: "The image, PNG or PNM.", completion: .file())
  var input: String

  @Argument(help: "Where the coded image goes.", completion: .file())
  var output: String

  func run() throws {
    let spec = codec
    let registry = try recipes.adding(to: models.registry())
    let codec = try codecCall { () throws(CodecError) in try registry.codec(spec: spec) }
    let quality = quality.map(Quality.value) ?? .fixed
    _ = try codecCall { () throws(CodecError) in try codec.descriptor.validate(quality) }
    let image = try ImageArgument(input).read()
    let encoded: EncodedImage
    if let importance {
      guard let codec = codec as? any SteeredCodec else {
        throw CommandFailure(
          "\(codec.descriptor.id) takes no importance map, so leave out --importance")
      }
      let map = try ImageArgument(importance).read().asGray()
      encoded = try codecCall(file: input) { () throws(CodecError) in
        try codec.encode(image, at: quality, importance: map)
      }
    } else {
      encoded = try codecCall(file: input) { () throws(CodecError) in
        try codec.encode(image, at: quality)
      }
    }
    try OutputArgument(output, input: input).write(encoded.bytes)
    let rate = 8 * Double(encoded.bytes.count) / Double(image.pixelCount)
    print("\(output): \(encoded.bytes.count) bytes, \(fixed(rate, 4)) bits per pixel")
  }
}
