import Analysis
import ArgumentParser
import Codecs
import Comparing
import RateDistortion
import Results
import StrictJSON

/// `rdbench compare`: what became better or worse from one run to another, with an exit code.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare a run with a baseline: the gate for nightly runs.",
    discussion: """
      Three verdicts for each codec, over the measurements that both files have:

      bitstream  The bytes differ (bitstream_sha256). For a codec whose bytes depend on the \
      processor, as a learned one's do, only where both meta files name the same instruction sets.
      rd         More bits at equal quality: the BD-rate against the baseline, averaged over the \
      images, is above --rate-threshold and its 95 % interval above 0. Images without a BD-rate \
      (short curves, lossless, no overlap) are compared setting by setting. Measurements that newly \
      fail, or are missing, count as worse.
      speed      The median over the images of new time by old is above --time-threshold, its 95 % \
      interval above 1, and the median call longer by more than --time-floor. Encoding and decoding \
      apart, and only where both meta files name the same machine, build and number of jobs.

      The meta file of NAME.csv is NAME.meta.json beside it. Exit codes: 0 no finding of the kinds \
      that --fail-on lists, 1 a finding, 2 wrong use or files that cannot be compared. Make the run \
      that is judged with ‘rdbench run --no-cache’.

      EXAMPLES:
        rdbench compare baseline/results.csv new/results.csv
        rdbench compare old.csv new.csv --fail-on bitstream,rd,speed
        rdbench compare old.csv new.csv --metric psnr --rate-threshold 0.1
        rdbench compare old.csv new.csv --codecs jpeg,cw:entropy=cabac
        rdbench compare old.csv new.csv --format markdown >> "$GITHUB_STEP_SUMMARY"
        rdbench compare old.csv new.csv --json
      """)

  @Argument(
    help: "The results.csv to hold the new one against.", completion: .file(extensions: ["csv"]))
  var baseline: String

  @Argument(help: "The results.csv that is judged.", completion: .file(extensions: ["csv"]))
  var new: String

  @Option(
    help: ArgumentHelp(
      "Which findings end with exit code 1: bitstream, rd, speed, separated by commas; or none.",
      valueName: "list"))
  var failOn = "rd"

  @Option(
    name: [.customLong("metric"), .customLong("metrics")],
    help: ArgumentHelp("Metrics in decibels, separated by commas.", valueName: "list"))
  var metric = "psnr,ms_ssim"

  @Option(
    help: ArgumentHelp(
      "Codecs to compare, as cw or cw:entropy=cabac, separated by commas. (default: all)",
      valueName: "specs"))
  var codecs: String?

  @Option(help: ArgumentHelp("Per cent of rate that count as equal.", valueName: "percent"))
  var rateThreshold = 0.5

  @Option(
    help: ArgumentHelp(
      "Decibels at one setting that count as equal, where curves are too short.",
      valueName: "decibels"))
  var scoreThreshold = 0.05

  @Option(help: ArgumentHelp("Per cent of time that count as equal.", valueName: "percent"))
  var timeThreshold = 20.0

  @Option(
    help: ArgumentHelp("Milliseconds of one call that count as equal.", valueName: "milliseconds"))
  var timeFloor = 0.2

  @Flag(help: "Say which measurements the new file lacks, without counting them as worse.")
  var allowMissing = false

  @Option(help: "How the result is written.")
  var format = GateFormat.table

  @Flag(help: "The same as --format json.")
  var json = false

  func run() throws {
    let kinds = try Self.findings(failOn)
    let rules = try rules()
    var old = try failing { () throws(ResultsError) in try RecordedRun.read(path: baseline) }
    var current = try failing { () throws(ResultsError) in try RecordedRun.read(path: new) }
    if let codecs {
      let specs = try CodecSpec.selection(codecs)
      old = try failing { () throws(ResultsError) in try old.keeping(specs) }
      current = try failing { () throws(ResultsError) in try current.keeping(specs) }
    }
    let comparison = try failing { () throws(ResultsError) in
      try RunComparison(of: current, against: old, rules: rules)
    }
    let report = GateReport(comparison, failOn: kinds)
    print(try (json ? .json : format).text(report), terminator: "")
    if !report.failures.isEmpty { throw ExitCode(1) }
  }

  private func rules() throws(CommandFailure) -> ComparisonRules {
    for (name, value) in [
      ("--rate-threshold", rateThreshold), ("--score-threshold", scoreThreshold),
      ("--time-threshold", timeThreshold), ("--time-floor", timeFloor),
    ] where !(value.isFinite && value >= 0) {
      throw CommandFailure("\(name) takes a number that is not negative")
    }
    let portable = CodecRegistry.builtIn.providers.compactMap { try? $0.codec().descriptor }
      .filter { !$0.bytesDependOnInstructionSet }
    return ComparisonRules(
      measures: try Self.measures(metric), ratePercent: rateThreshold,
      scoreDecibels: scoreThreshold, timePercent: timeThreshold,
      timeFloorSeconds: timeFloor / 1000, portableCodecs: Set(portable.map(\.id)),
      allowsMissing: allowMissing)
  }

  /// The measures of a list in their decibel form, the only one in which scores can be held against
  /// one threshold.
  private static func measures(_ text: String) throws(CommandFailure) -> [QualityMeasure] {
    let named = try QualityMeasure.argument(text)
    let chosen = named.filter { $0.unit == "dB" }
    if text == "all" { return chosen }
    for measure in named where !chosen.contains(where: { $0.column == measure.column }) {
      let name = measure.higherIsBetter ? "\(measure.id)_db" : "psnr"
      throw CommandFailure("\(measure.id) is not in decibels; use \(name)")
    }
    return chosen
  }

  private static func findings(
    _ text: String
  ) throws(CommandFailure) -> Set<ComparisonFinding> {
    if text == "none" { return [] }
    var findings: Set<ComparisonFinding> = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
      guard let finding = ComparisonFinding(rawValue: name) else {
        let names = ComparisonFinding.allCases.map(\.rawValue)
        let hint = didYouMean(name, in: names)
        throw CommandFailure(
          "--fail-on knows \(names.joined(separator: ", ")) and none, not \(name)\(hint)")
      }
      findings.insert(finding)
    }
    return findings
  }
}

extension GateFormat: ExpressibleByArgument {}
