import ArgumentParser
import Foundation
import Plotting
import RateDistortion

/// `rdbench plot`: rate-distortion curves as SVG.
struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draw rate-distortion curves: one SVG for each metric.",
    discussion: """
      A curve is the mean over images at constant quality setting, over the images that all drawn \
      codecs finished. SSIM and MS-SSIM are drawn as they are and in decibels of their mean, \
      −10·log10(1 − mean). Lossless codecs are left out. The same file gives the same bytes.

      Metrics are those of results.csv by column name or short (psnr, psnr_y, ssim, ms_ssim, mse …); \
      psnr_of_mean_mse is the PSNR of the mean MSE, and ssim_db or ms_ssim_db the decibels alone.

      Published curves can be laid over the results: CompressAI's result JSON, TensorFlow Compression's \
      text tables, CSV with the two columns bits_per_pixel and a metric, and collections such as \
      Results/published/kodak.csv. They are drawn dashed and marked, estimated rates as such.

      EXAMPLES:
        rdbench plot results.csv
        rdbench plot results.csv --metrics psnr,ms_ssim --output figures
        rdbench plot results.csv --width 84mm --no-title --label jpeg2000="JPEG 2000"
        rdbench plot old/results.csv new/results.csv --codecs jpeg,webp --max-rate 2
        rdbench plot results.csv compressai.vtm.json my-codec.csv --metrics psnr
        rdbench plot results.csv Results/published/kodak.csv --published bpg
      """)

  @Argument(
    help: "Results of ‘rdbench run’, and published curves.",
    completion: .file(extensions: ["csv", "json", "txt"]))
  var results: [String]

  @Option(
    help: ArgumentHelp(
      "Metrics, separated by commas. (default: all of the file)", valueName: "list"))
  var metrics: String?

  @Option(
    help: ArgumentHelp("Codec ids to draw, separated by commas. (default: all)", valueName: "list"))
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
    help: ArgumentHelp("The width of a figure, in mm, cm, in, pt or px.", valueName: "length"))
  var width = "640px"

  @Option(help: ArgumentHelp("The size of the text in points.", valueName: "points"))
  var fontSize: Double?

  @Option(
    help: ArgumentHelp("The largest rate shown, in bits per pixel.", valueName: "rate"))
  var maxRate: Double?

  @Option(
    help: ArgumentHelp("Another name for a codec in the legend.", valueName: "codec=name"))
  var label: [String] = []

  @Option(help: "How images share in the means: each the same, or each pixel the same.")
  var weighting = Weighting.images

  @Flag(inversion: .prefixedNo, help: "Write the title above the figure.")
  var title = true

  func run() throws {
    let style = try chartStyle()
    let names = try CodecNames(label).names
    if let maxRate, !(maxRate.isFinite && maxRate > 0) {
      throw CommandFailure("--max-rate takes a positive number of bits per pixel")
    }
    let chosen = try metrics.map { text throws(CommandFailure) in try QualityMeasure.list(text) }
    let input = try CurveFiles(paths: results, systems: published)
    let table = try ResultsTable(
      paths: input.results, codecs: codecs?.split(separator: ",").map(String.init))
    var sets: [CurveSet] = []
    for measure in chosen ?? QualityMeasure.usual {
      let sweeps = try table.sweeps(for: measure)
      let isPublished = input.published.contains { $0.curve(for: measure) != nil }
      guard isPublished || sweeps.contains(where: \.hasScores) else {
        if chosen != nil {
          Console.note("no row has \(measure.column), so \(measure.id) is left out")
        }
        continue
      }
      sets.append(CurveSet(sweeps, measure: measure, weighting: weighting))
    }
    let keys = table.keys + input.published.map(\.key)
    try draw(
      sets, published: input.published, labels: CurveLabels(keys, names: names),
      styles: styles(for: keys, sets: sets, published: input.published), style: style)
  }

  /// A style for each curve that is drawn in any figure, the same in all.
  private func styles(
    for keys: [CurveKey], sets: [CurveSet], published: [PublishedCurve]
  ) -> [CurveKey: CurveStyle] {
    let drawn = Set(sets.flatMap { $0.curves.map(\.key) } + published.map(\.key))
    var styles: [CurveKey: CurveStyle] = [:]
    for key in keys where drawn.contains(key) && styles[key] == nil {
      styles[key] = CurveStyle(index: styles.count)
    }
    return styles
  }

  /// Writes a file for each set that has a curve, and says each note once.
  private func draw(
    _ sets: [CurveSet], published: [PublishedCurve], labels: CurveLabels,
    styles: [CurveKey: CurveStyle], style: ChartStyle
  ) throws(CommandFailure) {
    var said: Set<String> = []
    for set in sets {
      let sentences = set.sentences(labels: labels)
      for sentence in sentences where said.insert(sentence).inserted { Console.note(sentence) }
      let measured = set.curves.compactMap { curve in
        styles[curve.key].map {
          RateFigure.Curve(curve: curve, label: labels[curve.key], style: $0)
        }
      }
      let literature = published.compactMap { entry in
        entry.curve(for: set.measure).flatMap { curve in
          styles[curve.key].map {
            RateFigure.Curve(
              curve: curve, label: "\(labels[curve.key]) (\(entry.remark))", style: $0,
              isPublished: true)
          }
        }
      }
      let curves = measured + literature
      guard !curves.isEmpty else { continue }
      let figure = RateFigure(
        measure: set.measure, curves: curves, remarks: sentences.map { "Note: \($0)." },
        rateLimit: maxRate.map(BitsPerPixel.init))
      print(try write(figure.chart.svg(style: style), to: "\(set.measure.id).svg"))
    }
    if styles.isEmpty {
      throw CommandFailure("\(results.joined(separator: ", ")): there is no curve to draw")
    }
  }

  private func write(_ text: String, to name: String) throws(CommandFailure) -> String {
    let folder = URL(fileURLWithPath: output)
    let path = output == "." ? name : "\(output.hasSuffix("/") ? output : output + "/")\(name)"
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: folder.appendingPathComponent(name), options: .atomic)
    } catch {
      throw CommandFailure("\(path) cannot be written; choose another folder with --output")
    }
    return path
  }

  private func chartStyle() throws(CommandFailure) -> ChartStyle {
    guard let length = Length(width), (120...7200).contains(length.points) else {
      throw CommandFailure(
        "--width \(width) is no width; write a number with mm, cm, in, pt or px, from 43mm to "
          + "2540mm, such as 84mm")
    }
    if let fontSize, !(3...72).contains(fontSize) {
      throw CommandFailure("--font-size takes 3 to 72 points")
    }
    return ChartStyle(width: length, fontSize: fontSize, showsTitle: title)
  }
}

extension Weighting: ExpressibleByArgument {}
