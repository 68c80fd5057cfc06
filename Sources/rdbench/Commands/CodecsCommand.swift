import Analysis
import ArgumentParser
import Codecs
import Imaging

/// `rdbench codecs`: what this build can code with.
struct CodecsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "codecs",
    abstract: "List the codecs with versions, parameters and quality scales.",
    discussion: """
      Names that begin with ‘recipe-’ are outside programs.

      EXAMPLES:
        rdbench codecs
        rdbench codecs --json
        rdbench codecs --recipe vtm.json
      """)

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var models: ModelArguments

  @OptionGroup var recipes: RecipeArguments

  func run() throws {
    let registry = try recipes.adding(to: models.registry())
    let groups = CodecGroup.allCases
    groups.flatMap(registry.notesOnUnavailableCodecs).forEach(Console.note)
    let entries = try groups.flatMap { group in
      let codecs = try codecCall { () throws(CodecError) in try registry.availableCodecs(group) }
      return codecs.map { Entry(provider: $0.provider, descriptor: $0.codec.descriptor) }
    }
    if json {
      try Console.output(try JSONText.text(entries.map(\.json)) + "\n")
    } else {
      try Console.output(entries.map(\.text).joined(separator: "\n"))
    }
  }

  /// One codec of the list.
  private struct Entry {
    let provider: CodecProvider
    let descriptor: CodecDescriptor

    var text: String {
      var lines = ["\(descriptor.id)  \(provider.summary)", "  library    \(descriptor.version)"]
      if let scale = descriptor.qualityScale {
        lines.append("  quality    \(scale.name), \(scale.summary), \(direction(scale))")
        lines.append(
          "  sweep      \(scale.recommendedSweep.map(formatNumber).joined(separator: ","))")
      } else {
        lines.append("  quality    none")
      }
      if descriptor.capabilities != .anything { lines.append("  pictures   \(pictures)") }
      for parameter in provider.parameters {
        lines.append("  parameter  \(parameter.name)=\(parameter.valuesSummary)")
        lines.append("             \(parameter.help); \(parameter.defaultValue) by default")
      }
      return lines.joined(separator: "\n") + "\n"
    }

    /// Which pictures the codec takes.
    private var pictures: String {
      let capabilities = descriptor.capabilities
      let models = Image.ColorModel.allCases.filter(capabilities.colorModels.contains)
      var parts = [models.map { $0 == .gray ? "grey" : "RGB" }.joined(separator: " or ")]
      if capabilities.minimumSize > 1 { parts.append("from \(capabilities.minimumSize)") }
      if let most = capabilities.maximumSize { parts.append("up to \(most)") }
      return parts.joined(separator: ", ") + (parts.count > 1 ? " pixels each way" : "")
    }

    private func direction(_ scale: QualityScale) -> String {
      switch scale.direction {
      case .higherIsBetter: "higher is better"
      case .lowerIsBetter: "lower is better"
      }
    }

    var json: JSONText.Value {
      .object([
        "id": .string(descriptor.id),
        "name": .string(descriptor.displayName),
        "summary": .string(provider.summary),
        "version": .string(descriptor.version),
        "adapter_version": .integer(descriptor.adapterVersion),
        "origin": .string(descriptor.origin.rawValue),
        "bytes_depend_on_instruction_set": .bool(descriptor.bytesDependOnInstructionSet),
        "pictures": .object([
          "color_models": .list(
            Image.ColorModel.allCases.filter(descriptor.capabilities.colorModels.contains)
              .map { .string($0 == .gray ? "gray" : "rgb") }),
          "minimum_size": .integer(descriptor.capabilities.minimumSize),
          "maximum_size": .number(descriptor.capabilities.maximumSize.map(Double.init)),
        ]),
        "file_extension": .string(descriptor.fileExtension),
        "parameters": .list(
          provider.parameters.map { parameter in
            .object([
              "name": .string(parameter.name), "values": .string(parameter.valuesSummary),
              "default": .string(parameter.defaultValue), "help": .string(parameter.help),
            ])
          }),
        "quality_scale": descriptor.qualityScale.map(Self.json) ?? .number(nil),
      ])
    }

    private static func json(_ scale: QualityScale) -> JSONText.Value {
      .object([
        "name": .string(scale.name), "unit": .string(scale.unit),
        "minimum": .number(scale.range.lowerBound), "maximum": .number(scale.range.upperBound),
        "step": .number(scale.step), "direction": .string(scale.direction.rawValue),
        "recommended_sweep": .list(scale.recommendedSweep.map { .number($0) }),
      ])
    }
  }
}
