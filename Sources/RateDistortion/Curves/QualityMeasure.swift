import Foundation
import ImageMetrics

/// What the vertical axis of a rate-distortion curve shows, and how it comes from a metric.
///
/// A measure names a column of the results and what is done to it. The figure of a set is the
/// derivation applied to the *mean* of the column, so that `psnr_db` (the mean of each image's
/// PSNR) and `psnr_of_mean_mse` (the PSNR of the mean MSE) are two measures that are never mixed;
/// the first is never below the second (Jensen's inequality).
public struct QualityMeasure: Hashable, Sendable {
  /// What turns the mean of the column into the figure.
  public enum Derivation: Hashable, Sendable {
    /// The mean itself.
    case mean
    /// −10 · log₁₀(1 − mean) decibels, the usual scale for SSIM and MS-SSIM near 1.
    case decibelsBelowOne
    /// 10 · log₁₀(255² / mean) decibels, of a mean squared error.
    case peakSignalToNoise
  }

  /// The name on the command line and of the figure's file, such as `ms_ssim_db`.
  public let id: String
  /// The column of the results that it is computed from.
  public let column: String
  /// The name in titles and sentences, such as `MS-SSIM of luma`.
  public let name: String
  /// The label of the axis; says what was averaged, and the unit.
  public let axisLabel: String
  /// The unit after a value, or empty.
  public let unit: String
  /// What turns the mean of the column into the figure.
  public let derivation: Derivation
  /// Whether a larger figure is a better picture.
  public let higherIsBetter: Bool
  /// The largest figure there can be, infinity for decibels.
  public let upperBound: Double
  /// How many digits after the point are worth printing.
  public let fractionDigits: Int

  /// The figure for a mean of the column, or for the value of a single image.
  public func score(ofMean mean: Double) -> Score {
    switch derivation {
    case .mean: Score(mean)
    case .decibelsBelowOne: Score(mean >= 1 ? .infinity : -10 * log10(1 - mean))
    case .peakSignalToNoise: Score(mean <= 0 ? .infinity : 10 * log10(255 * 255 / mean))
    }
  }
}

extension QualityMeasure {
  /// Every measure of every metric, those that are decibels before others, RGB before luma.
  public static let all: [QualityMeasure] = [false, true].flatMap { isOfLuma in
    let metrics = MetricDescriptor.all.filter { $0.isOfLuma == isOfLuma }
    let inDecibels = metrics.filter { $0.decibelForm == .itself }
    return (inDecibels + metrics.filter { $0.decibelForm != .itself }).flatMap(measures)
  }

  /// The measures that a figure is drawn for unless others are asked for.
  public static let usual: [QualityMeasure] = all.filter { $0.derivation != .peakSignalToNoise }

  /// The measures that a name stands for.
  ///
  /// A measure's own id gives that one; the name of a metric, as `psnr` or the column `ms_ssim`,
  /// gives the metric's usual views, with decibels for SSIM and MS-SSIM.
  public static func named(_ name: String) -> [QualityMeasure] {
    let metric = MetricDescriptor.all.first {
      $0.aliases.contains(name) || $0.id.rawValue == name && $0.decibelForm == .belowOne
    }
    guard let metric else { return all.filter { $0.id == name } }
    return all.filter { $0.column == metric.id.rawValue }
  }

  /// All names that ``named(_:)`` knows.
  public static let names: [String] =
    MetricDescriptor.all.compactMap(\.aliases.first) + all.map(\.id)

  /// The measures that a metric gives: itself, and what it is in decibels.
  private static func measures(of metric: MetricDescriptor) -> [QualityMeasure] {
    let column = metric.id.rawValue
    let unit = metric.unit.isEmpty ? "" : " (\(metric.unit))"
    let itself = QualityMeasure(
      id: column, column: column, name: metric.name, axisLabel: "Mean \(metric.name)\(unit)",
      unit: metric.unit, derivation: .mean, higherIsBetter: metric.higherIsBetter,
      upperBound: metric.upperBound, fractionDigits: metric.fractionDigits)
    switch metric.decibelForm {
    case .itself, nil:
      return [itself]
    case .belowOne:
      let decibels = QualityMeasure(
        id: "\(column)_db", column: column, name: "\(metric.name) in decibels",
        axisLabel: "\(metric.name) (dB of the mean)", unit: "dB", derivation: .decibelsBelowOne,
        higherIsBetter: true, upperBound: .infinity, fractionDigits: 2)
      return [itself, decibels]
    case .peakSignalToNoise:
      let name = metric.isOfLuma ? "PSNR of luma" : "PSNR"
      let ofMean = QualityMeasure(
        id: metric.isOfLuma ? "psnr_y_of_mean_mse" : "psnr_of_mean_mse",
        column: column, name: "\(name) from the mean MSE",
        axisLabel: "\(name) from the mean MSE (dB)", unit: "dB", derivation: .peakSignalToNoise,
        higherIsBetter: true, upperBound: .infinity, fractionDigits: 2)
      return [ofMean, itself]
    }
  }
}
