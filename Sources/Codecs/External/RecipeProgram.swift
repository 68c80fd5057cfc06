import ChildProcesses
import Foundation

/// One program of a recipe, run in a folder of its own with one file to read and one to write.
struct RecipeProgram {
  /// The recipe, for limits, environment and the name in errors.
  let recipe: CodecRecipe
  /// What to run.
  let step: CodecRecipe.Step
  /// Whether the program codes or decodes, which decides the kind of error.
  let role: Role

  /// What the program is for.
  enum Role {
    case encoder, decoder

    /// The kind of error when the program fails.
    var failure: CodecError.Kind { self == .encoder ? .encodingFailed : .corruptData }
  }

  /// Runs the program.
  ///
  /// - Parameters:
  ///   - input: the contents of the file to read.
  ///   - names: the names of the file to read and of the one to write.
  ///   - values: what placeholders stand for, but for the files.
  /// - Returns: the contents of the file that the program wrote, and what the program cost.
  /// - Throws: ``CodecError`` with the program's last words when it fails or writes nothing.
  func run(
    _ input: [UInt8], names: (input: String, output: String), values: [String: String]
  ) throws(CodecError) -> ([UInt8], CallDuration) {
    let folder: ScratchFolder
    do {
      folder = try ScratchFolder()
      try folder.write(input, to: names.input)
    } catch {
      throw failure(.encodingFailed, "the temporary folder cannot be written: \(error)")
    }
    var values = values
    values["input"] = folder.file(names.input)
    values["output"] = folder.file(names.output)
    values["recipe_folder"] = recipe.folder
    values["seconds_file"] = (step.seconds?.file).map(folder.file)
    let arguments = step.command.map { $0.filled(with: values) }
    let outcome = try run(arguments, in: folder, output: names.output)
    guard outcome.ending == .ended(.exited(code: 0)) else { throw failure(outcome.ending, folder) }
    guard folder.size(of: names.output) ?? 0 <= recipe.outputLimit else {
      throw failure(.wroteTooMuch, folder)
    }
    guard let output = folder.bytes(of: names.output), !output.isEmpty else {
      throw failure(role.failure, "\(program) wrote no file\(lastWords(in: folder))")
    }
    return (output, try duration(of: outcome, folder))
  }

  /// What the program prints, whatever its exit code: for version commands.
  func printed() throws(CodecError) -> String {
    guard let folder = try? ScratchFolder() else {
      throw failure(.unavailable, "the temporary folder cannot be written")
    }
    let values = ["recipe_folder": recipe.folder ?? ""]
    let outcome = try run(
      step.command.map { $0.filled(with: values) }, in: folder, output: "output")
    guard case .ended(.exited) = outcome.ending else {
      throw failure(.unavailable, "\(program) did not end by itself")
    }
    return folder.text(of: Self.standardOutput) + "\n" + folder.text(of: Self.standardError)
  }

  private func run(
    _ arguments: [String], in folder: ScratchFolder, output: String
  ) throws(CodecError) -> ChildProcess.Outcome {
    guard let executable = ProgramFinder.path(of: arguments[0], from: recipe.folder) else {
      throw failure(.unavailable, "the program \(program) is not installed")
    }
    var environment = ProcessInfo.processInfo.environment
    environment["LC_ALL"] = "C"
    environment["TMPDIR"] = folder.path
    environment.merge(recipe.environment) { $1 }
    let process = ChildProcess(
      executable: executable, arguments: arguments, environment: environment,
      folder: folder.path, standardOutput: folder.file(Self.standardOutput),
      standardError: folder.file(Self.standardError), timeoutSeconds: recipe.timeoutSeconds,
      limitedFiles: [output, Self.standardOutput, Self.standardError].map(folder.file),
      outputLimit: recipe.outputLimit)
    do throws(SpawnError) {
      return try process.run()
    } catch {
      throw failure(.unavailable, "\(program) does not start: \(error.message)")
    }
  }

  /// How long the program took, with the wall-clock time that it reports where the recipe says so.
  private func duration(
    of outcome: ChildProcess.Outcome, _ folder: ScratchFolder
  ) throws(CodecError) -> CallDuration {
    guard let seconds = step.seconds else {
      return CallDuration(
        wallSeconds: outcome.wallSeconds, processorSeconds: outcome.processorSeconds)
    }
    let text = folder.text(of: seconds.file)
    let number =
      seconds.pattern.map { firstGroup(of: $0, in: text) }
      ?? text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard let value = number.flatMap(Double.init), value.isFinite, value >= 0 else {
      throw failure(role.failure, "\(program) left no number of seconds in \(seconds.file)")
    }
    return CallDuration(wallSeconds: value, processorSeconds: outcome.processorSeconds)
  }

  /// The program's name in messages: its last path component.
  private var program: String {
    let name = step.command[0].filled(with: ["recipe_folder": ""])
    return URL(filePath: name).lastPathComponent
  }

  private func failure(
    _ ending: ChildProcess.Ending, _ folder: ScratchFolder
  ) -> CodecError {
    switch ending {
    case .ended(.exited(let code)):
      failure(role.failure, "\(program) ended with code \(code)\(lastWords(in: folder))")
    case .ended(.killed(let signal)):
      failure(role.failure, "\(program) was ended by signal \(signal)\(lastWords(in: folder))")
    case .tookTooLong:
      failure(
        .timedOut, "\(program) was ended after \(formatNumber(recipe.timeoutSeconds)) seconds")
    case .wroteTooMuch:
      failure(
        role == .encoder ? .encodingFailed : .limitExceeded,
        "\(program) wrote more than \(recipe.outputLimit) bytes")
    }
  }

  private func failure(_ kind: CodecError.Kind, _ message: String) -> CodecError {
    CodecError(codec: recipe.name, kind: kind, message: message)
  }

  /// The end of what the program printed, on one line and without the folder's name, which differs
  /// from call to call.
  private func lastWords(in folder: ScratchFolder) -> String {
    let errors = folder.text(of: Self.standardError)
    let text = errors.isEmpty ? folder.text(of: Self.standardOutput) : errors
    let words = text.replacing("\(folder.path)/", with: "").split {
      $0.isWhitespace || $0.isNewline || $0.unicodeScalars.allSatisfy { $0.value < 0x20 }
    }.joined(separator: " ")
    guard !words.isEmpty else { return "" }
    return ": " + (words.count > 300 ? "… " + words.suffix(300) : words)
  }

  private static let standardOutput = "stdout.txt"
  private static let standardError = "stderr.txt"
}

/// The first group of a pattern's first match, or `nil` for no match.
///
/// - Precondition: the pattern is a regular expression with a group.
func firstGroup(of pattern: String, in text: String) -> String? {
  guard let match = try? Regex(pattern).firstMatch(in: text) else { return nil }
  return match.output[1].substring.map(String.init)
}
