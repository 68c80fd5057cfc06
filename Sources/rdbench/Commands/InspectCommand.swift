#if Neural
  import Analysis
  import ArgumentParser
  import Codecs
  import ContentWeightedCodec
  import Foundation
  import Imaging

  /// `rdbench inspect`: what a file of the learned codecs says about itself.
  struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "inspect",
      abstract: "Show header and sections of a file of the learned codecs.",
      discussion: """
        Needs no weights, but for the importance map.

        EXAMPLES:
          rdbench inspect photo.cw
          rdbench inspect --json photo.cw
          rdbench inspect --model weights.safetensors --importance-map map.png photo.cw
        """)

    @Argument(help: "The file.", completion: .file())
    var input: String

    @OptionGroup var models: ModelArguments

    @Option(
      help: ArgumentHelp(
        "Also draw the importance map, in the size of the picture with a colour bar below.",
        valueName: "image"),
      completion: .file())
    var importanceMap: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
      guard let data = FileManager.default.contents(atPath: input) else {
        throw CommandFailure("\(input) cannot be read")
      }
      let bytes = [UInt8](data)
      guard ContainerInspection.recognizes(bytes) else {
        throw CommandFailure("\(input) is no file of cw or cw-no-importance")
      }
      let inspection = try codecCall { () throws(CodecError) in try ContainerInspection(bytes) }
      print(json ? try JSONText.text(inspection.json) : inspection.text)
      if let importanceMap { try drawImportanceMap(of: bytes, inspection, to: importanceMap) }
    }

    private func drawImportanceMap(
      of bytes: [UInt8], _ inspection: ContainerInspection, to path: String
    ) throws {
      let registry = try models.registry()
      let codec = try codecCall { () throws(CodecError) in
        try registry.codec(spec: inspection.codec)
      }
      guard let codec = codec as? ContentWeightedCodec else { return }
      let picture = try codecCall { () throws(CodecError) in
        try codec.importanceMapPicture(bytes)
      }
      try OutputArgument(path, input: input).write(picture)
    }
  }

  extension ContainerInspection {
    /// The sections with their sizes, in the order of the file.
    private var sections: [(name: String, byteCount: Int)] {
      [
        ("header", headerByteCount), ("importance map", importanceMapByteCount),
        ("codes", codesByteCount),
      ]
    }

    private func bitsPerPixel(_ byteCount: Int) -> Double {
      8 * Double(byteCount) / (Double(width) * Double(height))
    }

    fileprivate var text: String {
      var lines = [
        "codec           \(codec), format \(formatVersion)",
        "model           \(model)",
        "size            \(width)×\(height) pixels, \(isGray ? "grey" : "RGB")",
        "rate byte       \(rateByte) (t = \(fixed(Double(rateByte) / 255, 4)))",
        "entropy coder   \(entropyCoder)",
      ]
      for (name, byteCount) in sections {
        let label = name.padding(toLength: 15, withPad: " ", startingAt: 0)
        lines.append(
          "\(label) \(byteCount) bytes, \(8 * byteCount) bits, "
            + "\(fixed(bitsPerPixel(byteCount), 4)) bits per pixel")
      }
      return lines.joined(separator: "\n")
    }

    fileprivate var json: JSONText.Value {
      .object([
        "codec": .string(codec), "format_version": .integer(formatVersion),
        "model": .string(model), "width": .integer(width),
        "height": .integer(height), "grey": .bool(isGray),
        "rate_byte": .integer(rateByte), "entropy": .string(entropyCoder),
        "header_bytes": .integer(headerByteCount),
        "importance_map_bytes": .integer(importanceMapByteCount),
        "codes_bytes": .integer(codesByteCount),
      ])
    }
  }
#endif
