import CImageMetrics
import Imaging

/// A picture at one scale as exact integers, with luma as a fourth channel beside red, green, blue.
///
/// No value is ever rounded. Luma is kept in thousandths (299 R + 587 G + 114 B), and each halving
/// adds four pixels up instead of averaging them, so a sample of scale `s` is `4ˢ` times the mean
/// of its block. `Int32` holds 1000 · 255 · 4⁴.
struct PlaneSet: Sendable {
  /// Width in pixels.
  let width: Int
  /// Height in pixels.
  let height: Int
  /// 1 for grey; 4 for red, green, blue and luma.
  let channelCount: Int
  /// The samples, row by row, the channels of a pixel side by side.
  let values: [Int32]

  /// The channel that holds luma in thousandths, in colour pictures.
  static let lumaChannel = 3
  /// What luma is multiplied by to make it whole.
  static let lumaFactor = 1000.0

  init(_ image: Image) {
    width = image.width
    height = image.height
    let channelCount = image.colorModel == .gray ? 1 : 4
    self.channelCount = channelCount
    let count = image.pixelCount * channelCount
    values = unsafe Array(unsafeUninitializedCapacity: count) { buffer, initializedCount in
      guard let start = buffer.baseAddress else { return }
      switch image.colorModel {
      case .gray: unsafe CImageMetricsMakeGrayPlane(image.samples, image.pixelCount, start)
      case .rgb: unsafe CImageMetricsMakeColorPlanes(image.samples, image.pixelCount, start)
      }
      initializedCount = count
    }
  }

  /// The next scale of a picture: sums of 2×2 pixels; an odd last row or column counts twice.
  init(halving larger: PlaneSet) {
    width = (larger.width + 1) / 2
    height = (larger.height + 1) / 2
    channelCount = larger.channelCount
    let count = width * height * channelCount
    values = unsafe Array(unsafeUninitializedCapacity: count) { buffer, initializedCount in
      guard let start = buffer.baseAddress else { return }
      unsafe CImageMetricsHalve(
        larger.values, larger.width, larger.height, larger.channelCount, start)
      initializedCount = count
    }
  }

  /// The exact sum of squared differences of each channel.
  ///
  /// - Precondition: both have the same size and channels.
  func squaredErrors(to other: PlaneSet) -> [UInt64] {
    var sums = [UInt64](repeating: 0, count: channelCount)
    unsafe CImageMetricsAddSquaredErrors(
      values, other.values, width * height, channelCount, &sums)
    return sums
  }
}

/// A picture at full size and, where MS-SSIM asks for them, at its smaller scales.
struct Pyramid: Sendable {
  /// Scales from large to small, at least one.
  let scales: [PlaneSet]

  init(_ image: Image, scaleCount: Int) {
    var scales = [PlaneSet(image)]
    for scale in 1..<max(1, scaleCount) { scales.append(PlaneSet(halving: scales[scale - 1])) }
    self.scales = scales
  }

  /// The picture at full size.
  var base: PlaneSet { scales[0] }
}
