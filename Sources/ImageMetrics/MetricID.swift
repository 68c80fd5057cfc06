/// A figure that rdbench computes, named as its column in the results.
public enum MetricID: String, Sendable, CaseIterable, Codable {
  /// Mean squared error over all samples of all channels, 0…65025.
  case mse
  /// Peak signal-to-noise ratio of ``mse`` in decibels, peak 255; infinite for equal pictures.
  case psnr = "psnr_db"
  /// SSIM of Wang et al. 2004, mean over the channels.
  case ssim
  /// Multi-scale SSIM of Wang et al. 2003 with five scales, mean over the channels.
  case msSSIM = "ms_ssim"
  /// ``mse`` of luma.
  case mseY = "mse_y"
  /// ``psnr`` of luma.
  case psnrY = "psnr_y_db"
  /// ``ssim`` of luma.
  case ssimY = "ssim_y"
  /// ``msSSIM`` of luma.
  case msSSIMY = "ms_ssim_y"
}

extension MetricID {
  /// The version of the figure's definition: raised with every change that may change a value, so that
  /// stored values of before are computed anew.
  public var version: Int {
    switch self {
    case .mse, .psnr, .ssim, .msSSIM, .mseY, .psnrY, .ssimY, .msSSIMY: 1
    }
  }

  /// The figure of two compared pictures, or `nil` when they are too small for it.
  func value(of comparison: Comparison) -> Double? {
    switch self {
    case .mse: comparison.meanSquaredError(.samples)
    case .psnr: comparison.peakSignalToNoiseRatio(.samples)
    case .ssim: comparison.structuralSimilarity(.samples)
    case .msSSIM: comparison.multiScaleStructuralSimilarity(.samples)
    case .mseY: comparison.meanSquaredError(.luma)
    case .psnrY: comparison.peakSignalToNoiseRatio(.luma)
    case .ssimY: comparison.structuralSimilarity(.luma)
    case .msSSIMY: comparison.multiScaleStructuralSimilarity(.luma)
    }
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

  /// What has to be measured for this figure.
  var requirement: Requirement {
    switch self {
    case .mse, .psnr, .mseY, .psnrY: .squaredErrors
    case .ssim, .ssimY: .firstScale
    case .msSSIM, .msSSIMY: .allScales
    }
  }
}
