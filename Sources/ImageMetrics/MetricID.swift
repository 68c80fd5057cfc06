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
