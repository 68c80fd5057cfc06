import Foundation
import Testing

import RateDistortion

/// A measurement of a square image.
func sample(
  _ image: String, _ quality: Double?, rate: Double = 1, _ column: Double, side: Int = 10,
  lossless: Bool = false
) -> SweepMeasurement {
  SweepMeasurement(
    image: image, pixelCount: side * side, quality: quality,
    outcome: .scored(BitsPerPixel(rate), column: column), isLossless: lossless)
}

func measure(_ id: String) throws -> QualityMeasure {
  try #require(QualityMeasure.all.first { $0.id == id })
}

@Suite struct SweepTests {
  private let key = CurveKey(codec: "jpeg")

  @Test func `a mean curve averages rate and score at constant quality`() throws {
    let sweep = try Sweep(
      key: key,
      measurements: [
        sample("a", 10, rate: 0.5, 30), sample("a", 20, rate: 1, 34),
        sample("b", 10, rate: 0.7, 26), sample("b", 20, rate: 1.6, 31),
      ])
    let curve = sweep.meanCurve(over: ["a", "b"], measure: try measure("psnr_db"))
    #expect(curve.points.map(\.rate.value) == [(0.5 + 0.7) / 2, (1 + 1.6) / 2])
    #expect(curve.points.map(\.score.value) == [28, 32.5])
    #expect(curve.points.map(\.quality) == [10, 20])
    #expect(curve.imageCount == 2)
  }

  @Test func `weighting by pixels gives all bits over all pixels`() throws {
    let sweep = try Sweep(
      key: key,
      measurements: [
        sample("small", 10, rate: 4, 20, side: 1), sample("large", 10, rate: 1, 40, side: 3),
      ])
    let point = try #require(
      sweep.meanCurve(
        over: ["small", "large"], measure: try measure("psnr_db"), weighting: .pixels
      ).points.first)
    #expect(point.rate.value.isApproximately(1.3))
    #expect(point.score.value.isApproximately(38))
  }

  @Test(arguments: [1, 7, 42] as [UInt64])
  func `the mean of PSNR is never below the PSNR of the mean MSE`(seed: UInt64) throws {
    var state = seed
    let errors = (0..<24).map { _ -> Double in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return 1 + Double(state >> 40) / 65536
    }
    func point(_ id: String, _ column: (Double) -> Double) throws -> Double {
      let sweep = try Sweep(
        key: key,
        measurements: errors.enumerated().map { sample("\($0)", 50, column($1)) })
      let curve = sweep.meanCurve(over: sweep.completeImages, measure: try measure(id))
      return try #require(curve.points.first).score.value
    }
    let mean = try point("psnr_db") { 10 * log10(255 * 255 / $0) }
    let ofMean = try point("psnr_of_mean_mse") { $0 }
    #expect(mean > ofMean, "seed \(seed)")
  }

  @Test func `SSIM in decibels is that of the mean, not the mean of decibels`() throws {
    let sweep = try Sweep(key: key, measurements: [sample("a", 5, 0.9), sample("b", 5, 0.99)])
    let curve = sweep.meanCurve(over: ["a", "b"], measure: try measure("ssim_db"))
    let expected = -10 * log10(1 - (0.9 + 0.99) / 2)
    #expect(abs(try #require(curve.points.first).score.value - expected) < 1e-12)
  }

  @Test func `an infinite PSNR leaves the means, rate included, and is counted`() throws {
    let sweep = try Sweep(
      key: key,
      measurements: [
        sample("a", 10, rate: 1, 30), sample("a", 20, rate: 2, 40),
        sample("flat", 10, rate: 0.1, .infinity, lossless: true),
        sample("flat", 20, rate: 0.2, 50),
      ])
    let curve = sweep.meanCurve(over: ["a", "flat"], measure: try measure("psnr_db"))
    #expect(curve.points.map(\.infiniteCount) == [1, 0])
    #expect(curve.points.map(\.imageCount) == [1, 2])
    #expect(curve.points.map(\.rate.value) == [1, 1.1])
    #expect(curve.points.map(\.score.value) == [30, 45])
  }

  @Test func `a point of infinite scores alone is dropped`() throws {
    let sweep = try Sweep(
      key: key,
      measurements: [sample("a", 10, 30), sample("a", 100, .infinity, lossless: true)])
    let curve = sweep.meanCurve(over: ["a"], measure: try measure("psnr_db"))
    #expect(curve.points.map(\.quality) == [10])
    #expect(!sweep.isLossless)
  }

  @Test func `an image is complete when it was scored at every setting`() throws {
    let failed = SweepMeasurement(image: "b", pixelCount: 9, quality: 20, outcome: .failed)
    let small = SweepMeasurement(image: "c", pixelCount: 9, quality: 10, outcome: .notApplicable)
    let sweep = try Sweep(
      key: key,
      measurements: [
        sample("a", 10, 30), sample("a", 20, 31), sample("b", 10, 30), failed, small,
        sample("c", 20, 30), sample("d", 10, 30),
      ])
    #expect(sweep.completeImages == ["a"])
    #expect(sweep.images == ["a", "b", "c", "d"])
    #expect(sweep.curve(of: "b", measure: try measure("psnr_db")).points.map(\.quality) == [10])
  }

  @Test func `the same image twice at one setting is refused`() {
    let error = #expect(throws: SweepError.self) {
      try Sweep(key: key, measurements: [sample("a", 10, 30), sample("a", 10, 30)])
    }
    #expect(error?.message.contains("jpeg measured a twice at quality 10") == true)
  }
}
