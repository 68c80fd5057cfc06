import Foundation
import Plotting

#if PDF
  import PDFRendering
#endif

/// What a chart is written as.
public enum FigureFormat: String, CaseIterable, Sendable {
  /// Scalable Vector Graphics.
  case svg
  /// PDF, where the build has it.
  case pdf
  /// LaTeX source for pgfplots.
  case pgfplots

  /// The names of all formats.
  public static let list = allCases.map(\.rawValue).joined(separator: ", ")

  /// The ending of a file's name.
  public var fileExtension: String { self == .pgfplots ? "tex" : rawValue }

  /// Finds out whether this build can write the format.
  ///
  /// - Throws: ``AnalysisError`` that says how to build one that can.
  public func check() throws(AnalysisError) {
    #if !PDF
      guard self != .pdf else {
        throw AnalysisError(
          "this build cannot write PDF; install librsvg2-dev and build with --traits default,PDF, "
            + "or turn the SVG into PDF with ‘rsvg-convert --format pdf’")
      }
    #endif
  }

  /// The bytes of a file.
  ///
  /// - Precondition: ``check()`` throws nothing.
  /// - Throws: ``AnalysisError`` when librsvg cannot render the PDF.
  public func data(_ chart: Chart, style: ChartStyle) throws(AnalysisError) -> Data {
    switch self {
    case .svg: return Data(chart.svg(style: style).utf8)
    case .pgfplots: return Data(chart.pgfplots(style: style).utf8)
    case .pdf:
      #if PDF
        do throws(PDFRenderingError) {
          return Data(try PDFDocument.render(svg: chart.svg(style: style), title: chart.title))
        } catch {
          throw AnalysisError("PDF cannot be written: \(error.message)")
        }
      #else
        preconditionFailure("check() has refused PDF")
      #endif
    }
  }
}
