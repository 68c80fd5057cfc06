/// What two pictures' figures are computed from: the shared work of ``ErrorAndSimilarity``.
struct PictureComparison {
  /// Which channels a figure looks at.
  enum View {
    /// Red, green and blue, or grey.
    case samples
    /// Luma; of a grey picture its samples.
    case luma
  }

  /// The scales of MS-SSIM.
  static let multiScaleWeights = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333]
  /// The smallest side that leaves a whole window at the last scale: ⌈161 / 2⁴⌉ = 11.
  static let multiScaleMinimumSide =
    (StructuralSimilarity.windowSize - 1) << (multiScaleWeights.count - 1) + 1

  private let pixelCount: Int
  private let channelCount: Int
  /// One exact sum for each channel; empty when no metric asks for it.
  private let squaredErrors: [UInt64]
  /// One for each scale that is needed and that the picture is large enough for.
  private let scales: [StructuralSimilarity.Means]

  /// How many scales figures need of a picture; 0 when they need no window statistics or the
  /// picture is smaller than the window.
  static func scaleCount(
    for requirements: Set<ErrorAndSimilarity.Requirement>, width: Int, height: Int
  ) -> Int {
    let side = min(width, height)
    if side >= multiScaleMinimumSide, requirements.contains(.allScales) {
      return multiScaleWeights.count
    }
    return side >= StructuralSimilarity.windowSize && requirements.contains(.firstScale) ? 1 : 0
  }

  /// Compares two pictures of the same size and channels.
  init(
    _ reference: Pyramid, _ distorted: Pyramid,
    requirements: Set<ErrorAndSimilarity.Requirement>, level: StructuralSimilarity.Level
  ) {
    let base = reference.base
    pixelCount = base.width * base.height
    channelCount = base.channelCount
    squaredErrors =
      requirements.contains(.squaredErrors)
      ? base.squaredErrors(to: distorted.base) : []
    let scaleCount = Self.scaleCount(for: requirements, width: base.width, height: base.height)
    scales = (0..<scaleCount).map { scale in
      StructuralSimilarity.compare(
        reference.scales[scale], distorted.scales[scale], scale: scale, level: level)
    }
  }
}

extension PictureComparison {
  /// The mean of the squared differences of all samples.
  func meanSquaredError(_ view: View) -> Double {
    let channels = channels(of: view)
    let sum = channels.reduce(UInt64(0)) { $0 + squaredErrors[$1] }
    let isScaled = channels.contains(PlaneSet.lumaChannel)
    let unit = isScaled ? PlaneSet.lumaFactor * PlaneSet.lumaFactor : 1
    return Double(sum) / (unit * Double(pixelCount * channels.count))
  }

  /// 10 log₁₀(255² / MSE) in decibels; infinite for equal pictures.
  func peakSignalToNoiseRatio(_ view: View) -> Double {
    let error = meanSquaredError(view)
    let peak = StructuralSimilarity.peak
    return error == 0 ? .infinity : 10 * PortableMath.log10(peak * peak / error)
  }

  /// The mean over the channels of each channel's mean SSIM; `nil` below 11 pixels a side.
  func structuralSimilarity(_ view: View) -> Double? {
    guard let first = scales.first else { return nil }
    return mean(over: view) { first.similarity[$0] }
  }

  /// The mean over the channels of Π csⱼ^wⱼ (first four scales) · ssim₅^w₅.
  ///
  /// Negative cs and ssim count as 0. `nil` below 161 pixels a side.
  func multiScaleStructuralSimilarity(_ view: View) -> Double? {
    guard scales.count == Self.multiScaleWeights.count, let last = scales.last else { return nil }
    return mean(over: view) { channel in
      let factors = scales.dropLast().map { $0.contrast[channel] } + [last.similarity[channel]]
      return PortableMath.weightedProduct(
        of: factors.map { max(0, $0) }, exponents: Self.multiScaleWeights)
    }
  }

  private func channels(of view: View) -> Range<Int> {
    if channelCount == 1 { return 0..<1 }
    switch view {
    case .samples: return 0..<PlaneSet.lumaChannel
    case .luma: return PlaneSet.lumaChannel..<channelCount
    }
  }

  private func mean(over view: View, of value: (Int) -> Double) -> Double {
    let channels = channels(of: view)
    return channels.map(value).reduce(0, +) / Double(channels.count)
  }
}
