import Foundation
import Plotting

#if PDF
  import PDFRendering
#endif

/// What `rdbench plot` writes a figure as.
enum FigureFormat: String, CaseIterable {
  /// Scalable Vector Graphics.
  case svg
  /// PDF, where the build has it.
  case pdf
  /// LaTeX source for pgfplots.
  case pgfplots

  /// The names of all formats.
  static let list = allCases.map(\.rawValue).joined(separator: ", ")

  /// The ending of a file's name.
  var fileExtension: String { self == .pgfplots ? "tex" : rawValue }

  /// Finds out whether this build can write the format.
  ///
  /// - Throws: `CommandFailure` that says how to build one that can.
  func check() throws(CommandFailure) {
    #if !PDF
      guard self != .pdf else {
        throw CommandFailure(
          "this build cannot write PDF; install librsvg2-dev and build with --traits default,PDF, "
            + "or turn the SVG into PDF with ‘rsvg-convert --format pdf’")
      }
    #endif
  }

  /// The bytes of a file.
  func data(_ chart: Chart, style: ChartStyle) throws(CommandFailure) -> Data {
    switch self {
    case .svg: return Data(chart.svg(style: style).utf8)
    case .pgfplots: return Data(chart.pgfplots(style: style).utf8)
    case .pdf:
      #if PDF
        do throws(PDFRenderingError) {
          return Data(try PDFDocument.render(svg: chart.svg(style: style), title: chart.title))
        } catch {
          throw CommandFailure("PDF cannot be written: \(error.message)")
        }
      #else
        preconditionFailure("check() has refused PDF")
      #endif
    }
  }
}

/// Where `rdbench plot` puts its figures.
struct FigureFolder {
  let path: String

  /// Writes a file and returns its path as the user would write it.
  ///
  /// - Throws: `CommandFailure` that names the file.
  func write(_ data: Data, to name: String) throws(CommandFailure) -> String {
    let folder = URL(fileURLWithPath: path)
    let file = path == "." ? name : "\(path.hasSuffix("/") ? path : path + "/")\(name)"
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try data.write(to: folder.appendingPathComponent(name), options: .atomic)
    } catch {
      throw CommandFailure("\(file) cannot be written; choose another folder with --output")
    }
    return file
  }
}
