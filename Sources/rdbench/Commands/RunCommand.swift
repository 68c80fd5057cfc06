import ArgumentParser
import Benchmarking
import Codecs
import Foundation
import ImageMetrics
import MeasurementStore
import Results

/// `rdbench run`: sweeps codecs over a set of images.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Sweep codecs over a set of images and write results.csv.",
    discussion: """
      Codes each image with each codec at each quality, decodes it from the bytes alone, scores it \
      and writes a row. Rows stand in the plan's order whatever --jobs is. One failed measurement \
      is one row with a status; the run goes on and ends with exit code 1. Ctrl-C ends the run \
      after the measurements under way and leaves a valid file. However a run ends, the same command \
      goes on from there. What was measured before under the same conditions is not measured again \
      (‘rdbench cache --help’).

      EXAMPLES:
        rdbench run
        rdbench run --dataset kodak --codecs all --output results/kodak
        rdbench run --dataset photos/ --codecs jpeg,jpeg:subsampling=444 --qualities 25,50,75
        rdbench run --codecs jpeg,jpeg2000 --qualities jpeg:30,60 --qualities jpeg2000:0.25,0.5
        rdbench run --dataset kodak --codecs jpeg,webp --target bpp=0.25,0.5,1
        rdbench run --dataset clic2020-professional-valid --codecs webp --target-mean-bpp 0.15
        rdbench run --dataset kodak --shard 1/4 --output results/shard-1
        rdbench run --recipe vtm.json --codecs jpeg,recipe-cjpeg,recipe-vtm
      """)

  @Option(
    help: ArgumentHelp(
      "The name of a dataset, or a folder of images.",
      discussion: "‘rdbench datasets list’ shows the names.", valueName: "name|dir"),
    completion: .directory)
  var dataset = "synthetic"

  @OptionGroup var datasets: DatasetArguments

  @Option(
    help: ArgumentHelp(
      "Codecs, separated by commas; ‘all’ is every built-in one, ‘recipes’ every outside one.",
      discussion: "A codec takes parameters as in jpeg:subsampling=444:progressive=true; "
        + "‘rdbench codecs’ lists them.", valueName: "specs"))
  var codecs = "all"

  @OptionGroup var models: ModelArguments

  @OptionGroup var recipes: RecipeArguments

  @Option(
    help: ArgumentHelp(
      "Qualities in place of the codec's own sweep, as 25,50 or jpeg:25,50.",
      discussion: "May be given once for each codec. Numbers without a codec need one scale for "
        + "all chosen codecs.", valueName: "list"))
  var qualities: [String] = []

  @OptionGroup var targets: TargetArguments

  @Option(
    help: ArgumentHelp(
      "Metrics, separated by commas, or ‘all’: \(MetricID.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "list"))
  var metrics = "all"

  @Option(help: ArgumentHelp("Measure only the first images of the set.", valueName: "count"))
  var limit: Int?

  @Option(
    help: ArgumentHelp(
      "Measure only a part of the images, as 2/8; ‘rdbench merge’ puts the parts together.",
      discussion: "‘slurm’ takes the part from the variables of a Slurm job array.",
      valueName: "i/n"))
  var shard: String?

  @Option(
    help: ArgumentHelp(
      "Images measured side by side; as many as there are processors by default.",
      valueName: "count"))
  var jobs: Int?

  @Option(
    help: ArgumentHelp(
      "Time each call this often after a warm-up, and keep the medians.",
      discussion: "Without it, each call is made and timed once.", valueName: "count"))
  var timingRepeats = 0

  @Flag(
    help: ArgumentHelp(
      "Encode and decode everything twice, and compare bytes and pixels.",
      discussion: "The second time in another order, beside a second thread, with another number "
        + "of threads where the codec has that parameter, and in a fresh worker process. A "
        + "difference is a failed row."))
  var verify = false

  @Option(
    help: ArgumentHelp(
      "End the run once so many measurements have failed.", valueName: "count"))
  var maxFailures: Int?

  @OptionGroup var isolationArguments: IsolationArguments

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Where results.csv and results.meta.json go.", valueName: "dir"),
    completion: .directory)
  var output = "."

  @Flag(
    help: ArgumentHelp(
      "Also keep every decoded picture, the originals and the codecs' importance maps.",
      discussion: "They go to images/ beside results.csv as PNG files, where ‘rdbench report’ "
        + "looks for them."))
  var keepImages = false

  @Flag(help: "Replace the results of another plan.")
  var force = false

  @OptionGroup var cache: CacheArguments

  @Flag(
    name: .customLong("no-cache"),
    help: "Measure everything anew, and keep nothing for later runs.")
  var doesWithoutCache = false

  func validate() throws {
    guard jobs ?? 1 >= 1 else { throw ValidationError("--jobs must be at least 1") }
    guard timingRepeats >= 0 else { throw ValidationError("--timing-repeats must not be negative") }
    guard maxFailures ?? 1 >= 1 else { throw ValidationError("--max-failures must be at least 1") }
    guard limit ?? 1 >= 1 else { throw ValidationError("--limit must be at least 1") }
  }

  func run() async throws {
    let registry = try recipes.adding(to: models.registry())
    let sweepArguments = SweepArguments(codecs: codecs, qualities: qualities)
    var sweeps = try targets.sweeps(
      sweepArguments.sweeps(from: registry),
      hasQualities: !qualities.isEmpty, leavesOut: !sweepArguments.groups.isEmpty)
    if verify {
      for index in sweeps.indices {
        sweeps[index].counterpart = try codecCall { () throws(CodecError) in
          try registry.counterpart(of: sweeps[index].codec)
        }
      }
    }
    let metrics = try targets.metrics(MetricID.argument(metrics))
    let shard = try shard.map(Self.shard)
    if targets.budget != nil { try checkBudget(shard) }
    let dataset = try await datasets.locate(dataset, limit: limit)
    sweeps = try sweepArguments.sweeps(sweeps, thatCanCode: dataset, from: registry)
    let plan = Plan(
      dataset: dataset, sweeps: sweeps, metrics: metrics, timingRepeats: timingRepeats,
      maximumProbes: targets.maximumProbes, shard: shard, verifies: verify)
    sweepArguments.groups.flatMap(registry.notesOnUnavailableCodecs).forEach(Console.note)

    let stopSignal = Runner.StopSignal()
    let interruption = Interruption { stopSignal.request() }
    defer { interruption.end() }
    let report = try await measure(plan, stopSignal: stopSignal)

    let failureCount = report.failedMeasurementCount
    if let maxFailures, failureCount >= maxFailures, report.rowCount < plan.measurementCount {
      Console.error(
        "stopped after \(failureCount) failed measurements (--max-failures "
          + "\(maxFailures)); \(report.rowCount) of \(plan.measurementCount) rows are kept")
      throw ExitCode(1)
    }
    if report.rowCount < plan.measurementCount {
      Console.error("stopped early; \(report.rowCount) of \(plan.measurementCount) rows are kept")
      throw ExitCode(130)
    }
    if report.failureCount > 0 {
      Console.error(
        "\(report.failureCount) of \(report.rowCount) measurements failed; "
          + "see status and message in the results")
      throw ExitCode(1)
    }
  }

  private static func shard(_ text: String) throws(CommandFailure) -> Shard {
    if text == "slurm" {
      guard let shard = Shard(slurm: ProcessInfo.processInfo.environment) else {
        throw CommandFailure(
          "--shard slurm needs the variables of a Slurm job array without gaps, as of --array=1-8")
      }
      return shard
    }
    guard let shard = Shard(text: text) else {
      throw CommandFailure("--shard \(text) should be a part and the number of parts, as 2/8")
    }
    return shard
  }

  private func checkBudget(_ shard: Shard?) throws(CommandFailure) {
    guard shard == nil else {
      throw CommandFailure("a size for the whole set cannot be kept by shards; leave out --shard")
    }
    guard !keepImages else {
      throw CommandFailure(
        "--keep-images keeps the pictures of every candidate; run again at the chosen qualities")
    }
  }

  /// Carries out the plan and prints what it came to.
  private func measure(
    _ plan: Plan, stopSignal: Runner.StopSignal
  ) async throws -> RunReport {
    var options = RunSession.Options()
    options.folder = output
    options.replacesOtherPlans = force
    options.jobs = min(
      jobs ?? ProcessInfo.processInfo.activeProcessorCount, max(1, plan.images.count))
    options.isolation = isolationArguments.isolation(models: models, recipes: recipes)
    options.store = doesWithoutCache ? .none : .of(cache.location)
    options.keepsPictures = keepImages
    options.maximumFailures = maxFailures
    options.commandLine = ["rdbench"] + CommandLine.arguments.dropFirst()
    var display = RunDisplay()
    let outcome = try await RunSession(plan: plan, options: options, stopSignal: stopSignal)
      .run(observer: &display)
    print(
      RunSummary(report: outcome.report, wallSeconds: outcome.wallSeconds).text, terminator: "")
    print("Wrote \(outcome.path), \(outcome.report.rowCount) rows\(outcome.reuse.phrase).")
    if let sentence = outcome.pictureFailure { throw CommandFailure(sentence) }
    return outcome.report
  }
}

extension RunMetadata.Reuse {
  /// How many rows were not measured, as the end of a sentence; empty when all were.
  fileprivate var phrase: String {
    let parts = [
      (resumedRows, "kept from before"), (reusedRows, "re-used"), (rescoredRows, "scored anew"),
    ]
    return parts.filter { $0.0 > 0 }.map { ", \($0.0) \($0.1)" }.joined()
  }
}
