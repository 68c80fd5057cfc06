import Codecs
import Foundation
import Imaging
import RateDistortion
import Reporting
import Results
import StrictJSON

/// The measurements and kept pictures that the crops of figure 5 are taken from.
struct CropSource {
  /// The images in the order of the results.
  let images: [String]
  /// What is worth knowing of the results: sentences without a full stop.
  var notes: [String] { table.notes }

  private let table: ResultsTable
  private let labels: CurveLabels
  private let folder: PictureFolder
  /// The configurations in the order of the crops.
  private let keys: [CurveKey]
  private let hasLossless: Bool

  /// Reads results.
  ///
  /// - Parameters:
  ///   - path: the results, beside which the pictures lie.
  ///   - codecs: which codecs to show and in which order, or `nil` for all that lose something.
  ///   - names: other names for codecs.
  /// - Throws: `AnalysisError` for an unreadable file and for a codec that it has not.
  init(path: String, codecs: [CodecSpec]?, names: CodecLabels) throws(AnalysisError) {
    table = try ResultsTable(paths: [path], codecs: codecs)
    labels = CurveLabels(table.keys, names: names)
    folder = PictureFolder(besideResults: path)
    let all = table.keys
    keys = codecs?.flatMap { spec in all.filter { spec.includes(CodecSpec($0)) } } ?? all
    hasLossless = codecs != nil
    images = table.entries.map(\.row.subject.image).withoutRepeats
  }

  /// The crops of an image.
  ///
  /// - Throws: `AnalysisError` for an image or a picture that is not there, for a window beyond the
  ///   image, and for a picture that is not its row's.
  func strip(
    of image: String, rate: Double, window: CropSelection.Window?
  ) throws(AnalysisError) -> CropFigure.Strip {
    guard let first = table.entries.first(where: { $0.row.subject.image == image }) else {
      let hint = didYouMean(image, in: images)
      throw AnalysisError("there are no results of an image \(image)\(hint)")
    }
    guard folder.hasOriginal(of: first.row.subject) else { throw Self.notKept(image) }
    let original = try reading { () throws(ReportError) in try folder.original(of: first.row) }
    let region = try CropFigure.Region(window, of: original, named: image)
    var crops: [CropFigure.Crop] = []
    for key in keys where key.dataset == first.key.dataset {
      let rows = table.entries.filter { $0.key == key && $0.row.subject.image == image }.map(\.row)
      if !hasLossless, rows.allSatisfy({ $0.scores[.mse] == 0 }) { continue }
      let (row, bitsPerPixel) = try nearest(to: rate, among: rows, of: image, label: labels[key])
      let decoded = try reading { () throws(ReportError) in
        try folder.reconstruction(of: row, original: original)
      }
      crops.append(
        CropFigure.Crop(
          label: labels[key], row: row, bitsPerPixel: bitsPerPixel,
          image: region.part(of: decoded)))
    }
    guard !crops.isEmpty else {
      throw AnalysisError("\(image) was coded without loss only, so there is nothing to compare")
    }
    return CropFigure.Strip(
      image: image, region: region, original: region.part(of: original), crops: crops)
  }

  /// The row with a kept picture whose rate comes nearest, the first of equals.
  private func nearest(
    to rate: Double, among rows: [ResultRow], of image: String, label: String
  ) throws(AnalysisError) -> (row: ResultRow, bitsPerPixel: Double) {
    // A row whose target was out of reach holds what the codec could do.
    var measured: [(row: ResultRow, bitsPerPixel: Double)] = []
    for row in rows where row.status == .ok || row.status == .unreachable {
      if let bitsPerPixel = row.bitsPerPixel, bitsPerPixel.isFinite {
        measured.append((row, bitsPerPixel))
      }
    }
    guard !measured.isEmpty else {
      throw AnalysisError("there is no finished row of \(label) for \(image)")
    }
    let kept = measured.filter { folder.hasReconstruction(of: $0.row.subject) }
    guard let nearest = kept.min(by: { abs($0.bitsPerPixel - rate) < abs($1.bitsPerPixel - rate) })
    else { throw Self.notKept("\(image) by \(label)") }
    return nearest
  }

  private static func notKept(_ what: String) -> AnalysisError {
    AnalysisError(
      "no picture of \(what) is beside the results; figure 5 needs a run with --keep-images")
  }

  private func reading<Result>(
    _ work: () throws(ReportError) -> Result
  ) throws(AnalysisError) -> Result {
    do throws(ReportError) {
      return try work()
    } catch {
      throw AnalysisError(error.message)
    }
  }
}

extension CropFigure.Region {
  private static let usualSize = (width: 160, height: 120)

  /// The part of an image that a window names; without one, the middle.
  ///
  /// - Throws: `AnalysisError` when the window goes beyond the image.
  init(
    _ window: CropSelection.Window?, of image: Image, named name: String
  ) throws(AnalysisError) {
    let size: (width: Int, height: Int) =
      window?.size
      ?? (min(Self.usualSize.width, image.width), min(Self.usualSize.height, image.height))
    let x = window?.origin?.x ?? (image.width - size.width) / 2
    let y = window?.origin?.y ?? (image.height - size.height) / 2
    guard x >= 0, y >= 0, x + size.width <= image.width, y + size.height <= image.height else {
      let corner = window?.origin.map { "+\($0.x)+\($0.y)" } ?? ""
      throw AnalysisError(
        "--window \(size.width)x\(size.height)\(corner) goes beyond \(name), which has "
          + "\(image.width)×\(image.height) pixels")
    }
    self.init(x: x, y: y, width: size.width, height: size.height)
  }

  /// The region of a picture of the size that it was made for.
  fileprivate func part(of image: Image) -> Image {
    image.cropped(x: x, y: y, width: width, height: height)
  }
}
