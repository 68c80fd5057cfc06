import ArgumentParser
import CodecWorkers

/// `rdbench worker`: what `rdbench run` starts to keep codecs in processes of their own.
struct WorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker",
    abstract: "Make codec calls for a run; started by ‘rdbench run’ only.",
    shouldDisplay: false)

  @OptionGroup var models: ModelArguments

  @OptionGroup var recipes: RecipeArguments

  @Option(help: "The most resident memory in bytes.")
  var memoryLimit: Int?

  func run() throws {
    let registry = try recipes.adding(to: models.registry())
    guard var worker = Worker(registry: registry, residentBytes: memoryLimit) else {
      throw CommandFailure("‘rdbench worker’ is started by ‘rdbench run’, not by hand")
    }
    worker.run()
  }
}
