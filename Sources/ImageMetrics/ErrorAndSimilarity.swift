import Imaging

/// Squared error, PSNR, SSIM and MS-SSIM, of RGB and of luma.
struct ErrorAndSimilarity: MetricFamily {
  static let descriptors: [MetricDescriptor] =
    descriptors(ofLuma: false) + descriptors(ofLuma: true)

  private let metrics: [MetricID]
  private let pyramid: Pyramid

  init(reference: Image, metrics: [MetricID]) {
    self.metrics = metrics
    pyramid = Pyramid(
      reference,
      scaleCount: PictureComparison.scaleCount(
        for: Set(metrics.map(Self.requirement)), width: reference.width, height: reference.height))
  }

  func scores(of distorted: Image, level: StructuralSimilarity.Level) -> [MetricID: Double] {
    let comparison = PictureComparison(
      pyramid, Pyramid(distorted, scaleCount: pyramid.scales.count),
      requirements: Set(metrics.map(Self.requirement)), level: level)
    var values: [MetricID: Double] = [:]
    for metric in metrics {
      values[metric] = Self.figures[metric]?.value(comparison)
    }
    return values
  }

  /// What has to be measured for a figure.
  enum Requirement {
    /// Sums of squared differences.
    case squaredErrors
    /// Window statistics of the pictures at full size.
    case firstScale
    /// Window statistics at every scale.
    case allScales
  }

  private static func requirement(of metric: MetricID) -> Requirement {
    figures[metric]?.requirement ?? .squaredErrors
  }
}

extension MetricID {
  /// Mean squared error over all samples of all channels, 0…65025.
  public static let mse = MetricID(describing: "mse")
  /// Peak signal-to-noise ratio of ``mse`` in decibels, peak 255; infinite for equal pictures.
  public static let psnr = MetricID(describing: "psnr_db")
  /// SSIM as Wang and others defined it in 2004, mean over the channels.
  public static let ssim = MetricID(describing: "ssim")
  /// Multi-scale SSIM as Wang and others defined it in 2003, five scales, mean over the channels.
  public static let msSSIM = MetricID(describing: "ms_ssim")
  /// ``mse`` of luma.
  public static let mseY = MetricID(describing: "mse_y")
  /// ``psnr`` of luma.
  public static let psnrY = MetricID(describing: "psnr_y_db")
  /// ``ssim`` of luma.
  public static let ssimY = MetricID(describing: "ssim_y")
  /// ``msSSIM`` of luma.
  public static let msSSIMY = MetricID(describing: "ms_ssim_y")
}

extension ErrorAndSimilarity {
  /// What a figure needs and how it comes from that; `nil` for pictures that are too small.
  private struct Figure: Sendable {
    let requirement: Requirement
    let value: @Sendable (PictureComparison) -> Double?
  }

  private static let figures: [MetricID: Figure] = [
    .mse: Figure(requirement: .squaredErrors) { $0.meanSquaredError(.samples) },
    .psnr: Figure(requirement: .squaredErrors) { $0.peakSignalToNoiseRatio(.samples) },
    .ssim: Figure(requirement: .firstScale) { $0.structuralSimilarity(.samples) },
    .msSSIM: Figure(requirement: .allScales) { $0.multiScaleStructuralSimilarity(.samples) },
    .mseY: Figure(requirement: .squaredErrors) { $0.meanSquaredError(.luma) },
    .psnrY: Figure(requirement: .squaredErrors) { $0.peakSignalToNoiseRatio(.luma) },
    .ssimY: Figure(requirement: .firstScale) { $0.structuralSimilarity(.luma) },
    .msSSIMY: Figure(requirement: .allScales) { $0.multiScaleStructuralSimilarity(.luma) },
  ]

  private static func descriptors(ofLuma isOfLuma: Bool) -> [MetricDescriptor] {
    func name(_ metric: String) -> String { isOfLuma ? "\(metric) of luma" : metric }
    func similarity(_ id: MetricID, _ metric: String, minimumSide: Int) -> MetricDescriptor {
      MetricDescriptor(
        id: id, name: name(metric), aliases: [], version: 1, unit: "", higherIsBetter: true,
        upperBound: 1, fractionDigits: 4, measuredDigits: 6, minimumSide: minimumSide,
        isOfLuma: isOfLuma, searchScale: .distanceToOne, decibelForm: .belowOne)
    }
    return [
      MetricDescriptor(
        id: isOfLuma ? .mseY : .mse, name: name("MSE"), aliases: [], version: 1, unit: "",
        higherIsBetter: false, upperBound: 255 * 255, fractionDigits: 2, measuredDigits: 6,
        minimumSide: 1, isOfLuma: isOfLuma, searchScale: .logarithm,
        decibelForm: .peakSignalToNoise),
      MetricDescriptor(
        id: isOfLuma ? .psnrY : .psnr, name: name("PSNR"),
        aliases: isOfLuma ? ["psnr_y"] : ["psnr", "psnr_mean"], version: 1, unit: "dB",
        higherIsBetter: true, upperBound: .infinity, fractionDigits: 2, measuredDigits: 4,
        minimumSide: 1, isOfLuma: isOfLuma, searchScale: .linear(tolerance: 5e-3),
        decibelForm: .itself),
      similarity(
        isOfLuma ? .ssimY : .ssim, "SSIM", minimumSide: StructuralSimilarity.windowSize),
      similarity(
        isOfLuma ? .msSSIMY : .msSSIM, "MS-SSIM",
        minimumSide: PictureComparison.multiScaleMinimumSide),
    ]
  }
}
