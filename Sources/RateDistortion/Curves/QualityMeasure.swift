import Foundation

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
  /// Every measure, RGB before luma.
  public static let all: [QualityMeasure] = measures(luma: false) + measures(luma: true)

  /// The measures that a figure is drawn for unless others are asked for.
  public static let usual: [QualityMeasure] = all.filter { $0.derivation != .peakSignalToNoise }

  /// The measures that a name stands for.
  ///
  /// A measure's own id gives that one; the name of a metric, as `psnr` or the column `ms_ssim`,
  /// gives the metric's usual views, with decibels for SSIM and MS-SSIM.
  public static func named(_ name: String) -> [QualityMeasure] {
    switch name {
    case "psnr", "psnr_mean": all.filter { $0.id == "psnr_db" }
    case "psnr_y": all.filter { $0.id == "psnr_y_db" }
    case "ssim", "ms_ssim", "ssim_y", "ms_ssim_y":
      all.filter { $0.column == name }
    default: all.filter { $0.id == name }
    }
  }

  /// All names that ``named(_:)`` knows.
  public static let names: [String] = ["psnr", "psnr_y"] + all.map(\.id)

  private static func measures(luma: Bool) -> [QualityMeasure] {
    let suffix = luma ? "_y" : ""
    func named(_ metric: String) -> String { luma ? "\(metric) of luma" : metric }
    var measures = [
      QualityMeasure(
        id: "psnr\(suffix)_db", column: "psnr\(suffix)_db", name: named("PSNR"),
        axisLabel: "Mean \(named("PSNR")) (dB)", unit: "dB", derivation: .mean,
        higherIsBetter: true, upperBound: .infinity, fractionDigits: 2),
      QualityMeasure(
        id: "psnr\(suffix)_of_mean_mse", column: "mse\(suffix)",
        name: "\(named("PSNR")) from the mean MSE",
        axisLabel: "\(named("PSNR")) from the mean MSE (dB)", unit: "dB",
        derivation: .peakSignalToNoise, higherIsBetter: true, upperBound: .infinity,
        fractionDigits: 2),
      QualityMeasure(
        id: "mse\(suffix)", column: "mse\(suffix)", name: named("MSE"),
        axisLabel: "Mean \(named("MSE"))", unit: "", derivation: .mean, higherIsBetter: false,
        upperBound: 255 * 255, fractionDigits: 2),
    ]
    for (column, metric) in [("ssim", "SSIM"), ("ms_ssim", "MS-SSIM")] {
      measures += [
        QualityMeasure(
          id: column + suffix, column: column + suffix, name: named(metric),
          axisLabel: "Mean \(named(metric))", unit: "", derivation: .mean, higherIsBetter: true,
          upperBound: 1, fractionDigits: 4),
        QualityMeasure(
          id: "\(column)\(suffix)_db", column: column + suffix,
          name: "\(named(metric)) in decibels", axisLabel: "\(named(metric)) (dB of the mean)",
          unit: "dB", derivation: .decibelsBelowOne, higherIsBetter: true,
          upperBound: .infinity, fractionDigits: 2),
      ]
    }
    return measures
  }
}
