import Analysis
import ArgumentParser
import Codecs
import RateDistortion

/// `rdbench bd`: how many per cent more or fewer bits codecs need than an anchor.
struct BDCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bd",
    abstract: "Compare codecs with an anchor: BD-rate and BD-quality with confidence intervals.",
    discussion: """
      BD-rate is the mean difference in rate at equal quality in per cent (negative: fewer bits), \
      BD-quality the mean difference in the metric at equal rate. Both are computed for each image \
      and averaged; the interval is a paired bootstrap over the images (2,000 resamples). “mean \
      curves” is the BD-rate of the curves of the means, another figure that other tools print. \
      Overlap is the part of the span of both curves that they share; points that another one \
      dominates are dropped. Only images that both codecs finished count. Published curves (see \
      ‘rdbench plot’) are compared by their mean curves alone.

      EXAMPLES:
        rdbench bd results.csv --anchor jpeg
        rdbench bd results.csv --anchor jpeg:subsampling=420 --metric psnr,ms_ssim_db
        rdbench bd results.csv --anchor jpeg --format latex > table.tex
        rdbench bd old/results.csv new/results.csv --anchor webp --format json
        rdbench bd results.csv Results/published/kodak.csv --anchor jpeg --published bpg
      """)

  @Argument(
    help: "Results of ‘rdbench run’, and published curves.",
    completion: .file(extensions: ["csv", "json", "txt"]))
  var results: [String]

  @Option(
    help: ArgumentHelp(
      "The codec that the others are compared with, and parameters where it has several.",
      valueName: "codec[:name=value]"))
  var anchor: String

  @Option(
    name: [.customLong("metric"), .customLong("metrics")],
    help: ArgumentHelp("Metrics, separated by commas.", valueName: "list"))
  var metric = "psnr"

  @Option(
    help: ArgumentHelp(
      "Codecs to compare, as cw or cw:entropy=cabac, separated by commas. (default: all)",
      valueName: "specs"))
  var codecs: String?

  @Option(
    help: ArgumentHelp(
      "A published curve to take, by the beginning of its name. (default: all)", valueName: "name"))
  var published: [String] = []

  @Option(help: "How curves are drawn through their points.")
  var interpolation = Interpolation.pchip

  @Option(help: "How the result is written.")
  var format = ComparisonFormat.table

  @Option(help: "How images share in the mean curves: each the same, or each pixel the same.")
  var weighting = Weighting.images

  @Option(
    help: ArgumentHelp(
      "Another name for a codec, or for a configuration.", valueName: "spec=name"))
  var label: [String] = []

  func run() throws {
    let measures = try QualityMeasure.argument(metric)
    if let measure = measures.first(where: { !$0.higherIsBetter }) {
      throw CommandFailure(
        "\(measure.id) falls with quality, so it has no BD-rate; use psnr_of_mean_mse")
    }
    let names = try CodecLabels(label)
    let anchor = try Anchor(anchor)
    let chosen = try codecs.map(CodecSpec.selection).map { $0 + [anchor.spec] }
    let input = try CurveFiles(paths: results, systems: published)
    let table = try ResultsTable(paths: input.results, codecs: chosen)
    table.notes.forEach(Console.note)
    var lines: [AnchorComparison.Line] = []
    var said: Set<String> = []
    for measure in measures {
      let comparison = try AnchorComparison(
        table: table, published: input.published, anchor: anchor, measure: measure,
        interpolation: interpolation, weighting: weighting, names: names)
      for note in comparison.notes where said.insert(note).inserted { Console.note(note) }
      lines += comparison.lines
    }
    guard !lines.isEmpty else {
      throw CommandFailure("there is nothing to compare with \(anchor.text)")
    }
    print(try format.text(lines), terminator: "")
  }
}

extension Interpolation: ExpressibleByArgument {}
extension ComparisonFormat: ExpressibleByArgument {}
