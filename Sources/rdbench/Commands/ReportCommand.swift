import Analysis
import ArgumentParser
import Codecs
import Foundation
import RateDistortion
import Reporting

/// `rdbench report`: one HTML file with curves, differences, pictures and all measurements.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write one HTML file that shows results: curves, BD-rates, pictures, all rows.",
    discussion: """
      The file needs nothing but a browser, with or without a network. Curves are those of \
      ‘rdbench plot’, differences those of ‘rdbench bd’, for every metric and every anchor. Pictures \
      come from the images/ folder that ‘rdbench run --keep-images’ leaves beside the results: parts \
      of the originals and, for each rate, of what every codec made of them, stored without loss. \
      Published curves (see ‘rdbench plot’) are drawn dashed and marked. The same files give the \
      same bytes; there is no date, path or machine in them.

      EXAMPLES:
        rdbench report results.csv
        rdbench report results.csv --output kodak.html --anchor jpeg
        rdbench report results.csv --pictures kodim05.png --rates 0.15,0.3,0.6
        rdbench report results.csv --pictures 2 --window 512x384+100+50
        rdbench report old/results.csv new/results.csv --pictures 0
        rdbench report results.csv Results/published/kodak.csv --published bpg
      """)

  @Argument(
    help: "Results of ‘rdbench run’, and published curves.",
    completion: .file(extensions: ["csv", "json", "txt"]))
  var results: [String]

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The HTML file.", valueName: "file"),
    completion: .file(extensions: ["html"]))
  var output = "report.html"

  @Option(help: ArgumentHelp("The heading. (default: the datasets' names)", valueName: "text"))
  var title: String?

  @Option(
    help: ArgumentHelp(
      "The codec that the BD table begins with, and parameters where it has several.",
      discussion: "The reader can choose another one.", valueName: "codec[:name=value]"))
  var anchor: String?

  @Option(
    help: ArgumentHelp(
      "Codecs to show, as cw or cw:entropy=cabac, separated by commas. (default: all)",
      valueName: "specs"))
  var codecs: String?

  @Option(
    help: ArgumentHelp(
      "A published curve to take, by the beginning of its name. (default: all)", valueName: "name"))
  var published: [String] = []

  @Option(
    help: ArgumentHelp(
      "Another name for a codec, or for a configuration.", valueName: "spec=name"))
  var label: [String] = []

  @Option(help: "How images share in the means: each the same, or each pixel the same.")
  var weighting = Weighting.images

  @Option(
    help: ArgumentHelp(
      "How many of the kept images to show, or their names, separated by commas.",
      valueName: "count|names"))
  var pictures = "4"

  @Option(
    help: ArgumentHelp(
      "The rates at which pictures are compared, in bits per pixel.", valueName: "list"))
  var rates = "0.25,0.5,1"

  @Option(
    help: ArgumentHelp(
      "The part of each picture, from its middle unless a corner is given.",
      valueName: "WxH[+X+Y]"))
  var window = "288x192"

  func run() throws {
    let selection = try PictureArguments(pictures: pictures, rates: rates, window: window)
    let names = try CodecLabels(label)
    let input = try CurveFiles(paths: results, systems: published)
    guard !input.results.isEmpty else {
      throw CommandFailure("a report needs a results.csv of ‘rdbench run’")
    }
    let table = try ResultsTable(
      paths: input.results, codecs: try codecs.map(CodecSpec.selection))
    table.notes.forEach(Console.note)
    let contents = ReportContents(
      table: table, published: input.published, names: names, weighting: weighting)
    var report = try contents.report(title: title, anchor: try anchor.map(Anchor.init))
    do throws(ReportError) {
      let folders = table.paths.map(PictureFolder.init(besideResults:))
      try report.addPictures(
        selection.selection, rows: table.entries.map { ($0.row, folders[$0.file]) })
    } catch {
      throw CommandFailure(error.message)
    }
    for file in table.paths.indices {
      report.runs.append(try ReportProvenance(table, file: file).run)
    }
    try OutputArgument(output, input: input.results[0]).write(try ReportPage(report).html())
    print("Wrote \(output).")
  }
}

/// The options that choose pictures.
private struct PictureArguments {
  let selection: PictureSelection

  /// Reads the options.
  ///
  /// - Throws: `CommandFailure` that names the option.
  init(pictures: String, rates: String, window: String) throws(CommandFailure) {
    var selection = PictureSelection()
    if let count = Int(pictures) {
      guard count >= 0 else { throw CommandFailure("--pictures takes a count from 0, or names") }
      selection.images = .first(count)
    } else {
      selection.images = .named(pictures.split(separator: ",").map(String.init))
    }
    selection.rates = try rates.split(separator: ",").map { text throws(CommandFailure) in
      guard let rate = Double(text), rate.isFinite, rate > 0 else {
        throw CommandFailure("--rates takes numbers of bits per pixel above 0, as 0.25,0.5,1")
      }
      return rate
    }
    guard !selection.rates.isEmpty else {
      throw CommandFailure("--rates takes numbers of bits per pixel above 0, as 0.25,0.5,1")
    }
    let window = try CropSelection.Window(argument: window)
    selection.size = window.size
    selection.origin = window.origin
    self.selection = selection
  }
}
