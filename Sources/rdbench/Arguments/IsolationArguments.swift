import ArgumentParser
import CodecWorkers

/// Which codecs of a command work in processes of their own, and what those may use up.
struct IsolationArguments: ParsableArguments {
  @Flag(
    inversion: .prefixedNo,
    help: ArgumentHelp(
      "Run every codec in worker processes, or none.",
      discussion: "Without either, codecs that others maintain (JPEG, JPEG 2000, WebP, …) run in "
        + "worker processes and ours do not. What crashes, hangs or takes too much memory there "
        + "costs one failure row."))
  var isolate: Bool?

  @Option(
    help: ArgumentHelp(
      "Longest time of one call in a worker process; 600 by default.", valueName: "seconds"))
  var timeout: Double?

  @Option(
    help: ArgumentHelp(
      "Most resident memory of a worker process, as 2GB, 512MB or bytes; unlimited by default.",
      valueName: "size"))
  var memoryLimit: ByteCount?

  func validate() throws {
    if let timeout, !(timeout > 0 && timeout.isFinite) {
      throw ValidationError("--timeout must be more than 0 seconds")
    }
    if let memoryLimit, memoryLimit.value < 64_000_000 {
      throw ValidationError(
        "--memory-limit must be at least 64MB, since a worker takes half of that before it works")
    }
    if isolate == false, timeout != nil || memoryLimit != nil {
      throw ValidationError(
        "--timeout and --memory-limit need worker processes, so leave out --no-isolate")
    }
  }

  /// Where the codecs work.
  ///
  /// - Parameters:
  ///   - models: what a worker needs to make the same codecs.
  ///   - recipes: outside codecs, which may be parts of others.
  func isolation(models: ModelArguments, recipes: RecipeArguments) -> Isolation {
    let scope: Isolation.Scope =
      switch isolate {
      case true?: .allCodecs
      case false?: .noCodec
      case nil: .byDefault
      }
    return Isolation(
      scope: scope,
      launch: .thisProgram(
        [WorkerCommand.configuration.commandName ?? "worker"] + models.commandLine
          + recipes.paths.flatMap { ["--recipe", $0] }),
      limits: Isolation.Limits(
        callSeconds: timeout ?? 600, residentBytes: memoryLimit?.value))
  }
}
