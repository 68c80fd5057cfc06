import Codecs
import Foundation
import Imaging
import Results

/// Parts of some images beside what codecs made of them at one rate, as in Figure 5 of the paper by Li
/// and others (2017).
public struct CropFigure: Sendable {
  /// An image with its crops.
  struct Strip: Sendable {
    let image: String
    let region: Region
    let original: Image
    let crops: [Crop]
  }

  /// The part of an image that is shown, in pixels from the upper left corner.
  struct Region: Sendable {
    let x: Int
    let y: Int
    let width: Int
    let height: Int
  }

  /// What a codec made of the part.
  struct Crop: Sendable {
    let label: String
    /// The measurement of the whole image.
    let row: ResultRow
    let bitsPerPixel: Double
    let image: Image
  }

  /// How far a rate may be from the one that is asked for before the figure says so.
  static let tolerance = 0.15

  /// The rate that is asked for, in bits per pixel.
  let rate: Double
  let strips: [Strip]
  private let tableNotes: [String]

  /// Collects the pictures that a run kept.
  ///
  /// - Parameters:
  ///   - results: the path of the results.
  ///   - selection: rate, images, codecs and windows.
  /// - Throws: ``AnalysisError`` for an image, a codec or a picture that is not there, for a window
  ///   beyond its image, and for pictures of another run.
  public init(results: String, selection: CropSelection) throws(AnalysisError) {
    let source = try CropSource(path: results, codecs: selection.codecs, names: selection.names)
    let chosen = selection.images ?? Array(source.images.prefix(2))
    for image in selection.windows.keys.sorted() where !chosen.contains(image) {
      throw AnalysisError("--window is for \(image), which is not among the figure's images")
    }
    rate = selection.rate
    var strips: [Strip] = []
    for image in chosen {
      strips.append(
        try source.strip(
          of: image, rate: rate, window: selection.windows[image] ?? selection.otherWindow))
    }
    self.strips = strips
    tableNotes = source.notes
  }

  /// What has to be said about the results, and about crops at quite another rate: sentences without a
  /// full stop.
  public var notes: [String] {
    tableNotes
      + strips.flatMap { strip in
        strip.crops.compactMap { crop in
          deviation(of: crop).map { "\(strip.image): the nearest row of \(crop.label) is \($0)" }
        }
      }
  }

  /// How far a crop's rate is away, in words, or `nil` where it is near enough.
  func deviation(of crop: Crop) -> String? {
    let difference = crop.bitsPerPixel / rate - 1
    guard abs(difference) > Self.tolerance else { return nil }
    let side = difference > 0 ? "above" : "below"
    return "\(fixed(100 * abs(difference), 0)) % \(side) \(formatNumber(rate)) bpp"
  }
}
