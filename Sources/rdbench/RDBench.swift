import ArgumentParser

/// The program: parses the command line, runs a command, and turns errors into exit codes.
@main
struct RDBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rdbench",
    abstract: "Measures image codecs: rate-distortion sweeps, curves and comparisons.",
    discussion: """
      EXAMPLES:
        rdbench run                                   sweep all codecs over the built-in images
        rdbench run --dataset kodak --codecs all --output results
        rdbench plot results/results.csv --output results
        rdbench bd results/results.csv --anchor jpeg
        rdbench compare baseline/results.csv results/results.csv
        rdbench measure original.png decoded.png

      Exit codes: 0 done, 1 a finding (a failed row, a wrong digest), 2 wrong use or an error, \
      130 stopped by Ctrl-C.
      """,
    version: Version.text,
    subcommands: [
      RunCommand.self, PlotCommand.self, BDCommand.self, CompareCommand.self, MergeCommand.self,
      ReportCommand.self,
      MeasureCommand.self, EncodeCommand.self, DecodeCommand.self, CodecsCommand.self,
      FiguresCommand.self, DatasetsCommand.self, CacheCommand.self, WorkerCommand.self,
    ] + neuralSubcommands)

  static func main() async {
    do {
      var command = try parseAsRoot()
      if var asyncCommand = command as? any AsyncParsableCommand {
        try await asyncCommand.run()
      } else {
        try command.run()
      }
      try Console.flush()
    } catch let failure as any SentenceError {
      Console.error(failure.message)
      exit(withError: ExitCode(2))
    } catch {
      exit(reporting: error)
    }
  }

  /// Prints what the parser has to say and ends the program; wrong use is 2, not the parser's 64.
  private static func exit(reporting error: any Error) -> Never {
    let code = exitCode(for: error)
    let message = fullMessage(for: error)
    if !message.isEmpty {
      if code.isSuccess { print(message) } else { Console.writeError(message + "\n") }
    }
    do throws(CommandFailure) {
      try Console.flush()
    } catch {
      Console.error(error.message)
      exit(withError: ExitCode(2))
    }
    exit(withError: code == .validationFailure ? ExitCode(2) : code)
  }
}
