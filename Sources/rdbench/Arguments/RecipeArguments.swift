import ArgumentParser
import CodecRecipes
import Codecs
import Files
import Foundation

/// The outside codecs of a command: those that come with rdbench, and the recipes that it is given.
struct RecipeArguments: ParsableArguments {
  @Option(
    name: .customLong("recipe"),
    help: ArgumentHelp(
      "A recipe of an outside codec, a pair of programs.",
      discussion: "May be given more than once; the codec is then known by the name in the file.",
      valueName: "file"),
    completion: .file(extensions: ["json"]))
  var paths: [String] = []

  /// The codecs of a registry, then those of the recipes.
  ///
  /// - Throws: `CommandFailure` for a file that is no recipe, or whose name is taken.
  func adding(to registry: CodecRegistry) throws(CommandFailure) -> CodecRegistry {
    var recipes: [CodecRecipe] = []
    for (name, data) in CodecRecipes.all {
      recipes.append(try recipe(data, fileName: "\(name).json", folder: nil))
    }
    for path in paths {
      guard let data = FileManager.default.contents(atPath: path) else {
        throw CommandFailure("--recipe \(path) cannot be read")
      }
      let folder = URL(filePath: path).deletingLastPathComponent().standardizedFileURL.path
      let recipe = try recipe(data, fileName: path, folder: folder)
      guard !recipes.contains(where: { $0.name == recipe.name }) else {
        throw CommandFailure(
          "--recipe \(path): there is a \(recipe.name) already; give it another name")
      }
      recipes.append(recipe)
    }
    return CodecRegistry(registry.providers + recipes.map(\.provider))
  }

  private func recipe(
    _ data: Data, fileName: String, folder: String?
  ) throws(CommandFailure) -> CodecRecipe {
    do throws(RecipeError) {
      var recipe = try CodecRecipe(data: data, fileName: fileName, folder: folder)
      let companions = recipe.companionFiles.compactMap(FileManager.default.contents(atPath:))
      let digests = ([data] + companions).map { SHA256Digest.hexadecimal(of: [UInt8]($0)) }
      recipe.digest = SHA256Digest.hexadecimal(of: Array(digests.joined(separator: "\n").utf8))
      return recipe
    } catch {
      throw CommandFailure(error.message)
    }
  }
}
