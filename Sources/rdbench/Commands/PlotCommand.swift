import Analysis
import ArgumentParser
import Codecs
import Plotting
import RateDistortion

/// `rdbench plot`: figures of results.
struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draw rate-distortion curves, savings, or a panel for each image.",
    discussion: """
      A curve is the mean over images at constant quality setting, over the images that all drawn \
      codecs finished. SSIM and MS-SSIM are drawn as they are and in decibels of their mean, \
      −10·log10(1 − mean). Lossless codecs are left out. The same file gives the same bytes.

      --bands adds 95 % bands from 2,000 resamples of the images, the same ones for all codecs. \
      --view savings shows the per cent of rate that each codec saves against --anchor over the \
      quality, with a paired band; its geometric mean is the BD-rate of the mean curves as ‘rdbench \
      bd’ prints it. --view images draws a panel for each image.

      Metrics are those of results.csv by column name or short (psnr, psnr_y, ssim, ms_ssim, mse …); \
      psnr_of_mean_mse is the PSNR of the mean MSE, and ssim_db or ms_ssim_db the decibels alone.

      Published curves can be laid over the results: CompressAI's result JSON, TensorFlow Compression's \
      text tables, CSV with the two columns bits_per_pixel and a metric, and collections such as \
      Results/published/kodak.csv. They are drawn dashed and marked, estimated rates as such.

      EXAMPLES:
        rdbench plot results.csv
        rdbench plot results.csv --metrics psnr,ms_ssim --output figures --bands
        rdbench plot results.csv --no-title --label jpeg2000="JPEG 2000"
        rdbench plot results.csv --view savings --anchor jpeg --format svg,pdf
        rdbench plot results.csv --view images --width two-column --log-rate
        rdbench plot results.csv --width one-column --format pgfplots
        rdbench plot old/results.csv new/results.csv --codecs jpeg,webp --max-rate 2
        rdbench plot results.csv compressai.vtm.json my-codec.csv --metrics psnr
        rdbench plot results.csv Results/published/kodak.csv --published bpg
      """)

  @Argument(
    help: "Results of ‘rdbench run’, and published curves.",
    completion: .file(extensions: ["csv", "json", "txt"]))
  var results: [String]

  @Option(help: "What the figures show.")
  var view = PlotView.curves

  @Option(
    help: ArgumentHelp(
      "The codec that savings are against, and parameters where it has several.",
      valueName: "codec[:name=value]"))
  var anchor: String?

  @Flag(
    inversion: .prefixedNo,
    help: "Draw 95 % bootstrap bands. (default: only with --view savings)")
  var bands: Bool?

  @Flag(help: "Make the rate axis logarithmic.")
  var logRate = false

  @Option(
    help: ArgumentHelp(
      "Metrics, separated by commas. (default: all of the file)", valueName: "list"))
  var metrics: String?

  @Option(
    help: ArgumentHelp(
      "Codecs to draw, as cw or cw:entropy=cabac, separated by commas. (default: all)",
      valueName: "specs"))
  var codecs: String?

  @Option(
    help: ArgumentHelp(
      "A published curve to take, by the beginning of its name. (default: all)", valueName: "name"))
  var published: [String] = []

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The folder for the figures.", valueName: "folder"),
    completion: .directory)
  var output = "."

  @Option(
    help: ArgumentHelp("The largest rate shown, in bits per pixel.", valueName: "rate"))
  var maxRate: Double?

  @Option(
    help: ArgumentHelp(
      "Another name for a codec, or for a configuration, in the legend.",
      discussion:
        "As jpeg2000=\"JPEG 2000\" or cw:entropy=cabac=\"Ours: CABAC\": the name begins after the "
        + "first equals sign that no parameter needs.", valueName: "spec=name"))
  var label: [String] = []

  @Option(help: "How images share in the means: each the same, or each pixel the same.")
  var weighting = Weighting.images

  @OptionGroup(title: "Appearance")
  var figure: FigureArguments

  func run() throws {
    let style = try figure.style(view: view)
    let formats = try figure.formats()
    let names = try CodecLabels(label)
    let view = try requestedView()
    let chosen = try metrics.map(QualityMeasure.argument)
    let input = try CurveFiles(paths: results, systems: published)
    let table = try ResultsTable(
      paths: input.results,
      codecs: try codecs.map(CodecSpec.selection).map { $0 + view.codecs })
    table.notes.forEach(Console.note)
    let usual = QualityMeasure.usual.filter { self.view != .savings || $0.higherIsBetter }
    let (sets, missing) = try table.curveSets(
      of: chosen ?? usual, published: input.published, weighting: weighting)
    for measure in missing where chosen != nil {
      Console.note("no row has \(measure.column), so \(measure.id) is left out")
    }
    let maker = FigureMaker(
      table: table, published: input.published, sets: sets, names: names, weighting: weighting,
      rates: RateRange(limit: maxRate.map(BitsPerPixel.init), isLogarithmic: logRate),
      hasBands: bands ?? (self.view == .savings))
    let folder = FigureFolder(path: output)
    var said: Set<String> = []
    var isDrawn = false
    for set in sets {
      let outcome = try maker.outcome(set, view: view)
      for note in outcome.notes where said.insert(note).inserted { Console.note(note) }
      guard let chart = outcome.chart else { continue }
      isDrawn = true
      for format in formats {
        let name = "\(set.measure.id)\(self.view.suffix).\(format.fileExtension)"
        print(try folder.write(format.data(chart, style: style), to: name))
      }
    }
    guard isDrawn else {
      throw CommandFailure("\(results.joined(separator: ", ")): there is no curve to draw")
    }
  }

  /// The view with what it needs.
  ///
  /// - Throws: `CommandFailure` for an option that the view has no use for, or that it lacks.
  private func requestedView() throws(CommandFailure) -> FigureMaker.View {
    if let maxRate, !(maxRate.isFinite && maxRate > 0) {
      throw CommandFailure("--max-rate takes a positive number of bits per pixel")
    }
    if view != .savings, anchor != nil {
      throw CommandFailure("--anchor belongs to --view savings")
    }
    switch view {
    case .curves: return .curves
    case .images:
      guard bands != true else {
        throw CommandFailure("--view images has no bands, which come from several images")
      }
      return .images
    case .savings:
      guard let anchor else {
        throw CommandFailure("--view savings needs the codec to compare with, as --anchor jpeg")
      }
      guard maxRate == nil, !logRate else {
        throw CommandFailure("--view savings has no rate axis for --max-rate or --log-rate")
      }
      return .savings(try failing { () throws(AnalysisError) in try Anchor(anchor) })
    }
  }
}

/// What a figure of `rdbench plot` shows.
enum PlotView: String, CaseIterable, ExpressibleByArgument {
  /// Quality over rate, the means of the set.
  case curves
  /// The rate saved against an anchor, over quality.
  case savings
  /// Quality over rate in a panel for each image.
  case images

  /// What stands behind the metric in the names of the files.
  var suffix: String { self == .curves ? "" : "-\(rawValue)" }
}

extension Weighting: ExpressibleByArgument {}
