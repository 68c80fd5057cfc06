#if Neural
  import Analysis
  import ArgumentParser
  import Codecs
  import Foundation
  import Imaging
  import LearnedCodecs

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
      let families = LearnedCodecFamilies.builtIn
      guard families.recognize(bytes) else {
        let names = families.codecIDs.joined(separator: " or ")
        throw CommandFailure("\(input) is no file of \(names)")
      }
      let inspection = try codecCall { () throws(CodecError) in
        try CodedFileInspection(bytes, kinds: families.fileKinds)
      }
      print(json ? try JSONText.text(inspection.json) : inspection.text)
      if let importanceMap { try drawImportanceMap(of: bytes, inspection, to: importanceMap) }
    }

    private func drawImportanceMap(
      of bytes: [UInt8], _ inspection: CodedFileInspection, to path: String
    ) throws {
      let registry = try models.registry()
      let codec = try codecCall { () throws(CodecError) in
        try registry.codec(spec: inspection.codec)
      }
      let pictures = try codecCall { () throws(CodecError) in try codec.sideInformation(in: bytes) }
      guard let map = pictures.first(where: { $0.name == "importance-map" }) else {
        throw CommandFailure("\(inspection.codec) has no importance map")
      }
      try OutputArgument(path, input: input).write(map.image)
    }
  }

  extension CodedFileInspection {
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
      for section in sections {
        let words = section.name.rawValue.replacing("_", with: " ")
        let label = words.padding(toLength: max(15, words.count), withPad: " ", startingAt: 0)
        let byteCount = section.byteCount
        lines.append(
          "\(label) \(byteCount) bytes, \(8 * byteCount) bits, "
            + "\(fixed(bitsPerPixel(byteCount), 4)) bits per pixel")
      }
      return lines.joined(separator: "\n")
    }

    fileprivate var json: JSONText.Value {
      var fields: [String: JSONText.Value] = [
        "codec": .string(codec), "format_version": .integer(formatVersion),
        "model": .string(model), "width": .integer(width),
        "height": .integer(height), "grey": .bool(isGray),
        "rate_byte": .integer(rateByte), "entropy": .string(entropyCoder),
      ]
      for section in sections {
        fields["\(section.name.rawValue)_bytes"] = .integer(section.byteCount)
      }
      return .object(fields)
    }
  }
#endif
