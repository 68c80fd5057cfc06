@testable import ImageMetrics

/// The window statistics in plain Swift: what the C loops must return, bit by bit.
///
/// It says each formula once for one value, and keeps the order of additions: the columns in strips
/// of 64 values, each strip from top to bottom, into eight partial sums.
enum WindowReference {
  private static let taps = StructuralSimilarity.windowSize
  private static let middle = taps / 2

  static func compare(
    _ reference: PlaneSet, _ distorted: PlaneSet, scale: Int
  ) -> StructuralSimilarity.Means {
    let channels = reference.channelCount
    let rowLength = reference.width * channels
    let positions = (reference.width - taps + 1) * channels
    let rows = reference.height - taps + 1
    let (c1, c2) = StructuralSimilarity.stabilizers(channelCount: channels, scale: scale)
    let x = reference.values.map(Double.init)
    let y = distorted.values.map(Double.init)

    func filtered(_ moment: (Double, Double) -> Double) -> [Double] {
      filter(
        zip(x, y).map(moment), rowLength: rowLength, channels: channels, height: reference.height)
    }
    let meanX = filtered { x, _ in x }
    let meanY = filtered { _, y in y }
    let squares = filtered { $0 * $0 + $1 * $1 }
    let squaredDifference = filtered { ($0 - $1) * ($0 - $1) }

    var similarity = [Double](repeating: 0, count: 8)
    var contrast = similarity
    for first in stride(from: 0, to: positions, by: 64) {
      for row in 0..<rows {
        for column in first..<min(first + 64, positions) {
          let i = row * positions + column
          let luminanceLoss = (meanX[i] - meanY[i]) * (meanX[i] - meanY[i])
          let contrastLoss = squaredDifference[i] - luminanceLoss
          let squaredMeans = meanX[i] * meanX[i] + meanY[i] * meanY[i]
          let luminance = squaredMeans + c1[column % channels]
          let variances = (squares[i] - squaredMeans) + c2[column % channels]
          let reciprocal = 1 / (luminance * variances)
          let contrastDeficit = (contrastLoss * luminance) * reciprocal
          contrast[column % 8] += contrastDeficit
          similarity[column % 8] +=
            contrastDeficit + (luminanceLoss * (variances - contrastLoss)) * reciprocal
        }
      }
    }
    func means(_ lanes: [Double]) -> [Double] {
      (0..<channels).map { channel in
        let sum = stride(from: channel, to: 8, by: channels).reduce(0) { $0 + lanes[$1] }
        return 1 - sum / Double(positions / channels * rows)
      }
    }
    return StructuralSimilarity.Means(similarity: means(similarity), contrast: means(contrast))
  }

  /// Filters horizontally, then vertically, where the window lies inside the picture.
  private static func filter(
    _ values: [Double], rowLength: Int, channels: Int, height: Int
  ) -> [Double] {
    let positions = rowLength - (taps - 1) * channels
    var horizontal: [Double] = []
    for row in 0..<height {
      for column in 0..<positions {
        horizontal.append(
          weigh(values, around: row * rowLength + column + middle * channels, apart: channels))
      }
    }
    return (0..<(height - taps + 1) * positions).map {
      weigh(horizontal, around: $0 + middle * positions, apart: positions)
    }
  }

  private static func weigh(_ values: [Double], around center: Int, apart step: Int) -> Double {
    let weights = StructuralSimilarity.windowWeights
    var sum = values[center] * weights[0]
    for k in 1...middle {
      sum += (values[center - k * step] + values[center + k * step]) * weights[k]
    }
    return sum
  }
}
