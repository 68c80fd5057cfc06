import ArgumentParser
import Codecs
import Foundation

#if Neural
  import LearnedCodecs
  import NeuralNetworks
#endif

/// Which weights the learned codecs use, and with them the codecs of a command.
struct ModelArguments: ParsableArguments {
  @Option(
    name: .customLong("model"),
    help: ArgumentHelp(
      "Weights for the learned codecs \(Self.codecNames).",
      discussion: "May be given more than once: the first of each codec encodes unless the "
        + "codec's parameter ‘model’ names another, and files of all of them decode.",
      valueName: "file"),
    completion: .file(extensions: ["safetensors"]))
  var paths: [String] = []

  /// The same choice as arguments of another command.
  var commandLine: [String] { paths.flatMap { ["--model", $0] } }

  #if Neural
    /// The ids of the learned codecs in a sentence.
    private static var codecNames: String {
      let ids = LearnedCodecFamilies.builtIn.codecIDs
      return ids.dropLast().joined(separator: ", ") + " and " + (ids.last ?? "")
    }

    /// All codecs of this build, the learned ones with the given weights and those of the build.
    ///
    /// - Throws: `CommandFailure` for a file that is no model, and a folder without a manifest.
    func registry() throws(CommandFailure) -> CodecRegistry {
      let families = LearnedCodecFamilies.builtIn
      var models: [ModelReference] = []
      for path in paths {
        do throws(NeuralNetworkError) {
          models.append(try families.model(contentsOf: URL(filePath: path)))
        } catch {
          throw CommandFailure("--model \(path): \(error.message)")
        }
      }
      models += try Self.catalog()?.models ?? []
      return CodecRegistry(
        CodecRegistry.builtIn.providers + families.providers(models: models))
    }

    /// The models of `$RDBENCH_MODELS`, else those beside the program, if there are any.
    ///
    /// - Throws: `CommandFailure` when the manifest cannot be read.
    static func catalog() throws(CommandFailure) -> ModelCatalog? {
      let named = ProcessInfo.processInfo.environment["RDBENCH_MODELS"] ?? ""
      let folder = named.isEmpty ? ModelCatalog.shippedFolder : URL(filePath: named)
      guard let folder else { return nil }
      do throws(NeuralNetworkError) {
        return try ModelCatalog(folder: folder, families: .builtIn)
      } catch {
        throw CommandFailure("\(folder.path): \(error.message)")
      }
    }
  #else
    private static let codecNames = "cw and cw-no-importance"

    /// All codecs of this build, which is without the learned ones.
    ///
    /// - Throws: `CommandFailure` when weights are given.
    func registry() throws(CommandFailure) -> CodecRegistry {
      guard paths.isEmpty else {
        throw CommandFailure(
          "this build is without the learned codecs: build with the package trait Neural for --model"
        )
      }
      return .builtIn
    }
  #endif
}

/// The commands that only a build with the learned codecs has.
#if Neural
  let neuralSubcommands: [any ParsableCommand.Type] = [
    InspectCommand.self, ModelsCommand.self,
  ]
#else
  let neuralSubcommands: [any ParsableCommand.Type] = []
#endif
