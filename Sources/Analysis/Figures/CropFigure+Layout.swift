import Foundation
import Imaging
import Plotting

extension CropFigure {
  /// Where crops and their text stand; all lengths are CSS pixels.
  struct Layout {
    /// A picture with lines of text below: the first is bold, the warning red.
    struct Cell {
      let image: Image
      let lines: [String]
      var warning: String?
    }

    /// Crops are enlarged by the largest whole number with which none has a longer side.
    private static let longestSide = 320
    /// Narrow crops have more room, for the text.
    private static let leastWidth = 120
    private static let gap = 6.0

    /// The width of the figure.
    let width: Double
    /// How many crops stand in a row.
    let columns: Int
    private let cellWidth: Double
    /// By how much crops are enlarged in the files that hold them.
    private let factor: Int
    /// The length of a crop's pixel in the figure.
    private let pixel: Double
    private let fontSize: Double

    /// Divides a figure.
    ///
    /// - Parameters:
    ///   - blocks: the cells of each image.
    ///   - regions: what they show of it.
    ///   - width: of the figure, or `nil` for enlargement by a whole number.
    ///   - columns: how many crops may stand in a row, at least 1.
    /// - Throws: `AnalysisError` when so many columns do not fit.
    init(
      _ blocks: [[Cell]], regions: [Region], width: Length?, columns: Int
    ) throws(AnalysisError) {
      let widest = regions.map(\.width).max() ?? 1
      let longest = regions.map { max($0.width, $0.height) }.max() ?? 1
      factor = max(1, Self.longestSide / longest)
      let naturalWidth = Double(max(widest * factor, Self.leastWidth))
      self.columns = min(columns, blocks.map(\.count).max() ?? 1)
      let gaps = Self.gap * Double(self.columns - 1)
      self.width =
        width.map { $0.points / Length.Unit.pixels.points }
        ?? Double(self.columns) * naturalWidth + gaps
      cellWidth = (self.width - gaps) / Double(self.columns)
      guard cellWidth >= 40 else {
        throw AnalysisError(
          "--width is too narrow for \(self.columns) crops in a row; choose fewer with --columns")
      }
      pixel = Double(factor) * cellWidth / naturalWidth
      let texts = blocks.joined().flatMap { $0.lines + [$0.warning ?? ""] }
      // An average letter of Helvetica is a little wider than half its size.
      fontSize = min(11, cellWidth / (0.6 * Double(texts.map(\.count).max() ?? 1)))
    }

    private var lineHeight: Double { fontSize * 14 / 11 }

    /// The height of a row of crops with its text, in whole pixels if that of the crops is.
    func height(of block: [Cell]) -> Double {
      let lineCount = block.map { $0.lines.count + ($0.warning == nil ? 0 : 1) }.max() ?? 0
      let textHeight = ((Double(lineCount) + 0.75) * lineHeight).rounded(.up)
      return Double(block.map(\.image.height).max() ?? 0) * pixel + textHeight
    }

    /// A crop and its text.
    func elements(
      of cell: Cell, column: Int, top: Double
    ) throws(AnalysisError) -> [SVGElement] {
      let left = Double(column) * (cellWidth + Self.gap)
      let imageWidth = Double(cell.image.width) * pixel
      let imageHeight = Double(cell.image.height) * pixel
      let picture = SVGElement(
        "image",
        [
          "x": left + ((cellWidth - imageWidth) / 2).rounded(.down), "y": top,
          "width": imageWidth, "height": imageHeight, "preserveAspectRatio": "none",
          "href": try dataURI(of: cell.image),
        ])
      func text(_ text: String, line: Int, weight: String, color: String) -> SVGElement {
        SVGElement(
          "text",
          [
            "x": left + cellWidth / 2, "y": top + imageHeight + Double(line) * lineHeight,
            "font-size": fontSize, "font-family": "Helvetica, Arial, sans-serif",
            "font-weight": weight, "fill": color, "text-anchor": "middle",
          ], text: text)
      }
      var elements = [picture]
      for (index, line) in cell.lines.enumerated() {
        let weight = index == 0 ? "bold" : "normal"
        elements.append(text(line, line: index + 1, weight: weight, color: "#000000"))
      }
      if let warning = cell.warning {
        let line = cell.lines.count + 1
        elements.append(text(warning, line: line, weight: "normal", color: "#b00020"))
      }
      return elements
    }

    /// The enlarged crop: its pixels are repeated, because not every viewer can be told not to blur.
    private func dataURI(of image: Image) throws(AnalysisError) -> String {
      do throws(ImageError) {
        let png = Data(try PNG.encode(image.enlarged(by: factor)))
        return "data:image/png;base64,\(png.base64EncodedString())"
      } catch {
        throw AnalysisError(error.message)
      }
    }
  }
}
