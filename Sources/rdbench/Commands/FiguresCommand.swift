import Analysis
import ArgumentParser
import Foundation
import Plotting
import RateDistortion
import Results

/// `rdbench figures`: the figures of the learned codec's paper, from results.
struct FiguresCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "figures",
    abstract: "Draw a figure of Li et al. 2017 from results: SVG and the numbers as CSV.",
    discussion: """
      5   parts of images as each codec makes them at one rate, from the pictures that \
      ‘run --keep-images’ keeps; ‘run --target bpp=0.25’ makes them at that rate
      6   importance maps at several rates, from the pictures that ‘run --keep-images’ keeps
      7a  entropy coding of codes and importance map, of either, and of neither: needs rows of cw with \
      entropy=none and with another coder
      7b  the entropy coders beside each other, by the parameter entropy

      Figure 5 takes, for each codec, the kept row of the image whose rate is nearest, and prints that \
      rate with PSNR and MS-SSIM, all of the whole image; a rate more than 15 % away is named in red. \
      Small crops are enlarged by a whole number, pixel by pixel.

      The rows of figures 7a and 7b must agree in all other parameters, and the coders must give the \
      same pictures: both are checked. Figure 7a takes the sections of the rows apart and counts every \
      byte of the files that they would make. The same results give the same bytes.

      EXAMPLES:
        rdbench run --model w.safetensors --codecs cw,cw:entropy=cabac,cw:entropy=none --output r
        rdbench figures 7a r/results.csv --output figures
        rdbench figures 7b r/results.csv --metric psnr --width 84mm
        rdbench figures 6 r/results.csv --images kodim05.png,kodim21.png
        rdbench run --dataset kodak --target bpp=0.25 --keep-images --output r
        rdbench figures 5 r/results.csv --images kodim21.png --window 160x120+300+200
      """)

  @Argument(help: "Which figure: 5, 6, 7a or 7b.")
  var name: FigureName

  @Argument(help: "Results of ‘rdbench run’.", completion: .file(extensions: ["csv"]))
  var results: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The folder for the figure.", valueName: "folder"),
    completion: .directory)
  var output = "."

  @Option(help: "What figures 7a and 7b hold against the rate, as ‘plot --metrics’ names it.")
  var metric = "ssim"

  @Option(
    help: ArgumentHelp(
      "The coder of figures 6 and 7a. (default: the first in the results but none)",
      valueName: "word"))
  var coder: String?

  @Option(
    help: ArgumentHelp(
      "The images of figures 5 and 6, separated by commas. (default: the first two)",
      valueName: "list"))
  var images: String?

  @Option(
    help: ArgumentHelp(
      "The width of the figure, in mm, cm, in, pt or px. (default: 640px; figure 5 enlarges crops "
        + "by a whole number)", valueName: "length"))
  var width: String?

  @OptionGroup var crops: CropArguments

  func run() throws {
    let length = try width.map(Self.length)
    let chosen = images?.split(separator: ",").map(String.init)
    let style = ChartStyle(width: length ?? Self.usualWidth)
    let figure: FigureFiles
    switch name {
    case .crops:
      let cropFigure = try CropFigure(
        results: results, selection: try crops.selection(images: chosen))
      figure = try cropFigure.files(width: length, columns: crops.columns)
      cropFigure.notes.forEach(Console.note)
    case .importanceMaps:
      let rows = try CoderRows(path: results, by: Self.coders)
      figure = try ImportanceMapFigure(
        rows: rows, coder: try rows.coder(coder), images: chosen,
        folder: URL(fileURLWithPath: results).deletingLastPathComponent()
      ).files(width: length ?? Self.usualWidth)
    case .sections:
      let rows = try CoderRows(path: results, by: Self.coders)
      figure = try EntropyCodingFigure.sections(
        rows, coder: try rows.coder(coder), measure: try measure()
      ).files(style: style)
    case .coders:
      let rows = try CoderRows(path: results, by: Self.coders)
      figure = try EntropyCodingFigure.coders(rows, measure: try measure()).files(style: style)
    }
    let folder = FigureFolder(path: output)
    for (text, fileExtension) in [(figure.svg, "svg"), (figure.csv, "csv")] {
      print(try folder.write(Data(text.utf8), to: "figure-\(name.rawValue).\(fileExtension)"))
    }
  }

  /// What tells the entropy coders of the paper's codec apart.
  private static let coders = CoderParameter(codec: "cw", name: "entropy", uncoded: "none")

  private static let usualWidth = Length(640, .pixels)

  private static func length(_ text: String) throws(CommandFailure) -> Length {
    guard let length = Length(text), (120...7200).contains(length.points) else {
      throw CommandFailure("--width \(text) is no width from 43mm to 2540mm, such as 84mm")
    }
    return length
  }

  private func measure() throws(CommandFailure) -> QualityMeasure {
    guard let measure = try QualityMeasure.argument(metric).first else {
      throw CommandFailure("--metric needs the name of a metric, such as psnr")
    }
    return measure
  }
}

/// The figures, named by their number in the paper or by what they show.
enum FigureName: String, CaseIterable, ExpressibleByArgument {
  case crops = "5"
  case importanceMaps = "6"
  case sections = "7a"
  case coders = "7b"

  /// Takes the number, or the word that help does not list.
  init?(argument: String) {
    guard let name = Self.allCases.first(where: { [$0.rawValue, $0.word].contains(argument) })
    else { return nil }
    self = name
  }

  private var word: String {
    switch self {
    case .crops: "crops"
    case .importanceMaps: "importance-maps"
    case .sections: "entropy-sections"
    case .coders: "entropy-coders"
    }
  }
}
