import CImageMetrics

/// The window statistics that SSIM and MS-SSIM are made of.
///
/// Source: Z. Wang, A. C. Bovik, H. R. Sheikh, E. P. Simoncelli, "Image quality assessment: from
/// error visibility to structural similarity", IEEE Transactions on Image Processing 13(4), 2004.
/// The window is an 11×11 Gaussian with σ = 1.5 that sums to 1; it visits only the positions where
/// it lies wholly inside the picture; variances and covariance are those of a population (weighted
/// by the window, not multiplied by n / (n - 1)); nothing is scaled down beforehand.
enum StructuralSimilarity {
  /// An instruction set that the loops are compiled for.
  typealias Level = CImageMetricsLevel

  /// The widest instruction set of this processor.
  static let bestLevel = CImageMetricsBestLevel()

  /// Width and height of the window in pixels.
  static let windowSize = 11
  /// Standard deviation of the window in pixels.
  static let windowSigma = 1.5
  /// K1, which stabilises the luminance term.
  static let k1 = 0.01
  /// K2, which stabilises the contrast term.
  static let k2 = 0.03
  /// The largest sample, L.
  static let peak = 255.0

  /// The window along one axis from its middle outwards: w(k) = exp(-k² / 2σ²) / Σ.
  static let windowWeights: [Double] = {
    let unscaled = (0...windowSize / 2).map { distance in
      let distance = Double(distance)
      return PortableMath.exp(-(distance * distance) / (2 * windowSigma * windowSigma))
    }
    let sum = unscaled[0] + 2 * unscaled.dropFirst().reduce(0, +)
    return unscaled.map { $0 / sum }
  }()

  /// Means over all window positions, one number for each channel.
  struct Means {
    /// The mean of luminance · contrast.
    let similarity: [Double]
    /// The mean of contrast and structure alone, cs.
    let contrast: [Double]
  }

  /// Compares two pictures at one scale.
  ///
  /// - Parameter scale: how often both have been halved; their samples are 4^scale times too large.
  /// - Precondition: both have the same size, at least ``windowSize`` a side, and channels.
  static func compare(
    _ reference: PlaneSet, _ distorted: PlaneSet, scale: Int, level: Level
  ) -> Means {
    let channelCount = reference.channelCount
    let (luminance, contrast) = stabilizers(channelCount: channelCount, scale: scale)
    var similarityDeficits = [Double](repeating: 0, count: channelCount)
    var contrastDeficits = similarityDeficits
    unsafe windowWeights.withUnsafeBufferPointer { weights in
      unsafe luminance.withUnsafeBufferPointer { luminance in
        unsafe contrast.withUnsafeBufferPointer { contrast in
          guard let weights = weights.baseAddress, let luminance = luminance.baseAddress,
            let contrast = contrast.baseAddress
          else { return }
          unsafe CImageMetricsCompareStructure(
            level, reference.values, distorted.values, reference.width, reference.height,
            channelCount,
            CImageMetricsConstants(weights: weights, luminance: luminance, contrast: contrast),
            &similarityDeficits, &contrastDeficits)
        }
      }
    }
    let positions = Double(
      (reference.width - windowSize + 1) * (reference.height - windowSize + 1))
    return Means(
      similarity: similarityDeficits.map { 1 - $0 / positions },
      contrast: contrastDeficits.map { 1 - $0 / positions })
  }

  /// C1 and C2 of each channel, (K · L)² in squared units of its samples at that scale.
  static func stabilizers(channelCount: Int, scale: Int) -> (c1: [Double], c2: [Double]) {
    let scaleFactor = Double(1 << (2 * scale))
    let factors = (0..<channelCount).map { channel in
      channel == PlaneSet.lumaChannel ? scaleFactor * PlaneSet.lumaFactor : scaleFactor
    }
    return (
      factors.map { (k1 * peak * $0) * (k1 * peak * $0) },
      factors.map { (k2 * peak * $0) * (k2 * peak * $0) }
    )
  }
}
