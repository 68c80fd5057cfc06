import Testing

import RateDistortion

@Suite struct QualityMeasureTests {
  @Test func `ids differ`() {
    #expect(Set(QualityMeasure.all.map(\.id)).count == QualityMeasure.all.count)
  }

  @Test(arguments: [
    ("psnr", ["psnr_db"]), ("psnr_db", ["psnr_db"]), ("psnr_y", ["psnr_y_db"]),
    ("ms_ssim", ["ms_ssim", "ms_ssim_db"]), ("ssim_y", ["ssim_y", "ssim_y_db"]),
    ("ssim_db", ["ssim_db"]), ("psnr_of_mean_mse", ["psnr_of_mean_mse"]), ("mse", ["mse"]),
    ("vmaf", []),
  ])
  func `names stand for measures`(name: String, ids: [String]) {
    #expect(QualityMeasure.named(name).map(\.id) == ids)
  }

  @Test func `closed forms`() throws {
    #expect(try measure("ssim_db").score(ofMean: 0.99).value.isApproximately(20))
    #expect(try measure("ssim_db").score(ofMean: 1).value == .infinity)
    #expect(try measure("psnr_of_mean_mse").score(ofMean: 65025).value == 0)
    #expect(try measure("psnr_of_mean_mse").score(ofMean: 0).value == .infinity)
    #expect(try measure("psnr_db").score(ofMean: 31.5).value == 31.5)
  }

  @Test func `the usual figures are the metrics with decibels, RGB before luma`() {
    #expect(
      QualityMeasure.usual.map(\.id) == [
        "psnr_db", "mse", "ssim", "ssim_db", "ms_ssim", "ms_ssim_db",
        "psnr_y_db", "mse_y", "ssim_y", "ssim_y_db", "ms_ssim_y", "ms_ssim_y_db",
      ])
  }
}

extension Double {
  /// Whether the number equals another within rounding.
  func isApproximately(_ other: Double, within tolerance: Double = 1e-12) -> Bool {
    abs(self - other) <= tolerance * max(1, abs(other))
  }
}
