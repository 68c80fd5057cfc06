import Codecs
import Foundation
import ImageMetrics
import Plotting
import Results

extension CropFigure {
  /// The figure and its numbers.
  ///
  /// All lengths are CSS pixels, so that without a `width` every pixel of a crop covers a square of whole
  /// pixels of the screen.
  ///
  /// - Parameters:
  ///   - width: of the figure, or `nil` for enlargement by a whole number.
  ///   - columns: how many crops stand in a row, at least 1.
  /// - Throws: ``AnalysisError`` when so many columns do not fit.
  public func files(width: Length?, columns: Int) throws(AnalysisError) -> FigureFiles {
    let blocks = strips.map(cells)
    let layout = try Layout(blocks, regions: strips.map(\.region), width: width, columns: columns)
    var elements: [SVGElement] = []
    var top = 0.0
    for block in blocks {
      let rowHeight = layout.height(of: block)
      for (index, cell) in block.enumerated() {
        if index > 0, index % layout.columns == 0 { top += rowHeight }
        elements += try layout.elements(of: cell, column: index % layout.columns, top: top)
      }
      top += rowHeight
    }
    return FigureFiles(svg: document(elements, width: layout.width, height: top), csv: csv)
  }

  private func cells(of strip: Strip) -> [Layout.Cell] {
    let region = strip.region
    let part = "\(region.width)×\(region.height) at \(region.x), \(region.y)"
    return [Layout.Cell(image: strip.original, lines: ["original", strip.image, part])]
      + strip.crops.map { crop in
        var lines = [crop.label, "\(fixed(crop.bitsPerPixel, 3)) bpp"]
        if let psnr = crop.row.scores[.psnr] { lines[1] += ", \(fixed(psnr, 2)) dB" }
        if let similarity = crop.row.scores[.msSSIM] {
          lines.append("MS-SSIM \(fixed(similarity, 4))")
        }
        return Layout.Cell(image: crop.image, lines: lines, warning: deviation(of: crop))
      }
  }

  private func document(_ elements: [SVGElement], width: Double, height: Double) -> String {
    let (width, height) = (fixed(width, 2), fixed(height, 2))
    return SVGElement(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "width": "\(width)px", "height": "\(height)px",
        "viewBox": "0 0 \(width) \(height)", "role": "img",
      ],
      children: [
        SVGElement("title", text: "Parts of images at \(formatNumber(rate)) bits per pixel"),
        SVGElement(
          "desc",
          text:
            "Each block shows a part of an image and what codecs made of it, at the measurement "
            + "nearest to the rate. Rate, PSNR and MS-SSIM are those of the whole image."),
        SVGElement("rect", ["width": "100%", "height": "100%", "fill": "#ffffff"]),
      ] + elements
    ).document
  }

  /// The numbers under the crops, unrounded, and where the crops are from.
  private var csv: String {
    var text = CSV.line([
      "image", "codec", "parameters", "quality", "bits_per_pixel", "psnr_db", "ms_ssim", "x", "y",
      "width", "height", "picture",
    ])
    for strip in strips {
      let region = [strip.region.x, strip.region.y, strip.region.width, strip.region.height]
      for crop in strip.crops {
        let subject = crop.row.subject
        let scores = [crop.row.scores[.psnr], crop.row.scores[.msSSIM]]
        text += CSV.line(
          [
            strip.image, subject.codec, subject.parameters,
            subject.quality.number.map(formatNumber) ?? "fixed", formatNumber(crop.bitsPerPixel),
          ] + scores.map { $0.map(formatNumber) ?? "" } + region.map(String.init)
            + [KeptPictures.reconstructionPath(of: subject)])
      }
    }
    return text
  }
}
