import Codecs
import Foundation
import Imaging
import Plotting
import Results

/// Importance maps of some images at several rates, as in Figure 6 of the paper by Li and others (2017).
///
/// Each row is an image, each column a rate.
public struct ImportanceMapFigure: Sendable {
  private struct Cell: Sendable {
    let quality: Quality
    let bitsPerPixel: Double
    let path: String
    let png: Data
  }

  private struct Strip: Sendable {
    let image: String
    let aspect: Double
    let original: Data
    let cells: [Cell]
  }

  private let strips: [Strip]

  /// Collects the pictures that a run kept.
  ///
  /// - Parameters:
  ///   - rows: the rows of the results.
  ///   - coder: whose rows; the importance maps are the same for all.
  ///   - images: the images' paths inside their dataset, or `nil` for the first two.
  ///   - folder: where the results lie.
  /// - Throws: ``AnalysisError`` for an image without rows and a picture that was not kept.
  public init(
    rows: CoderRows, coder: String, images: [String]?, folder: URL
  ) throws(AnalysisError) {
    let finished = rows[coder].filter { $0.status == .ok }
    let known = finished.map(\.subject.image).withoutRepeats
    var strips: [Strip] = []
    for image in images ?? Array(known.prefix(2)) {
      let ofImage = finished.filter { $0.subject.image == image }
      guard let first = ofImage.first, let width = first.subject.width,
        let height = first.subject.height
      else {
        throw AnalysisError("there is no finished row of \(rows.codec) for \(image)")
      }
      var cells: [Cell] = []
      for row in ofImage {
        let path = KeptPictures.sideInformationPath(of: row.subject, name: "importance-map")
        cells.append(
          Cell(
            quality: row.subject.quality, bitsPerPixel: row.bitsPerPixel ?? 0, path: path,
            png: try Self.read(path, in: folder)))
      }
      let original = KeptPictures.originalPath(dataset: first.subject.dataset, image: image)
      strips.append(
        Strip(
          image: image, aspect: Double(height) / Double(width),
          original: try Self.read(original, in: folder),
          cells: cells.sorted { $0.bitsPerPixel < $1.bitsPerPixel }))
    }
    guard !strips.isEmpty else { throw AnalysisError("there is no finished row of \(rows.codec)") }
    self.strips = strips
  }

  private static func read(_ path: String, in folder: URL) throws(AnalysisError) -> Data {
    guard let data = FileManager.default.contents(atPath: folder.appendingPathComponent(path).path)
    else {
      throw AnalysisError(
        "\(path) is not beside the results; figure 6 needs a run with --keep-images")
    }
    return data
  }

  /// The figure and its numbers.
  public func files(width: Length) -> FigureFiles {
    let columns = 1 + (strips.map(\.cells.count).max() ?? 0)
    let (gap, textHeight) = (4.0, 14.0)
    let cellWidth = (width.points - gap * Double(columns - 1)) / Double(columns)
    var elements: [SVGElement] = []
    var csv = CSV.line(["image", "quality", "bits_per_pixel", "picture"])
    var top = 0.0
    for strip in strips {
      let height = cellWidth * strip.aspect
      func place(_ png: Data, _ label: String, column: Int) {
        let left = Double(column) * (cellWidth + gap)
        elements.append(
          SVGElement(
            "image",
            [
              "x": left, "y": top, "width": cellWidth, "height": height,
              "preserveAspectRatio": "xMidYMin slice",
              "href": "data:image/png;base64,\(png.base64EncodedString())",
            ]))
        elements.append(
          SVGElement(
            "text",
            [
              "x": left + cellWidth / 2, "y": top + height + 10, "font-size": 8.0,
              "font-family": "Helvetica, Arial, sans-serif", "text-anchor": "middle",
            ], text: label))
      }
      place(strip.original, strip.image, column: 0)
      for (index, cell) in strip.cells.enumerated() {
        let rate = fixed(cell.bitsPerPixel, 3)
        place(cell.png, "\(rate) bpp", column: index + 1)
        let quality = cell.quality.number.map(formatNumber) ?? "fixed"
        csv += CSV.line([strip.image, quality, formatNumber(cell.bitsPerPixel), cell.path])
      }
      top += height + textHeight + gap
    }
    let root = SVGElement(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "width": "\(fixed(width.points, 2))pt",
        "height": "\(fixed(top, 2))pt", "viewBox": "0 0 \(fixed(width.points, 2)) \(fixed(top, 2))",
        "role": "img",
      ],
      children: [
        SVGElement("title", text: "Importance maps at several rates"),
        SVGElement(
          "desc",
          text: "Each row shows an image and the number of bits that each 8 by 8 block gets at "
            + "rising rates, from dark blue for none to yellow for the most."),
        SVGElement("rect", ["width": "100%", "height": "100%", "fill": "#ffffff"]),
      ] + elements)
    return FigureFiles(svg: root.document, csv: csv)
  }
}
