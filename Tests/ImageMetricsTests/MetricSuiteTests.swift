import Imaging
import Testing

@testable import ImageMetrics

/// A picture whose samples all have one value.
func constantImage(
  _ value: UInt8, width: Int, height: Int, colorModel: Image.ColorModel = .rgb
) -> Image {
  Image(
    width: width, height: height, colorModel: colorModel,
    samples: Array(repeating: value, count: width * height * colorModel.channelCount))
}

@Suite struct MetricSuiteTests {
  @Test(arguments: [(1, 1), (10, 200), (11, 11), (161, 161)])
  func identicalPicturesGetPerfectScores(width: Int, height: Int) throws {
    let image = constantImage(77, width: width, height: height)
    let scores = try MetricSuite().prepare(image).scores(of: image)
    #expect(scores[.mse] == 0)
    #expect(scores[.psnr] == .infinity)
    #expect(scores[.ssim] == (min(width, height) < 11 ? nil : 1))
    #expect(scores[.msSSIM] == (min(width, height) < 161 ? nil : 1))
    for (rgb, luma) in [
      (MetricID.mse, MetricID.mseY), (.psnr, .psnrY), (.ssim, .ssimY), (.msSSIM, .msSSIMY),
    ] {
      #expect(scores[rgb] == scores[luma])
    }
  }

  @Test func constantPicturesHaveOnlyALuminanceTerm() throws {
    let reference = constantImage(100, width: 200, height: 170)
    let distorted = constantImage(110, width: 200, height: 170)
    let scores = try MetricSuite().prepare(reference).scores(of: distorted)
    let c1 = 6.5025
    let luminance = (2 * 100 * 110 + c1) / (100 * 100 + 110 * 110 + c1)
    #expect(scores[.mse] == 100)
    #expect(scores[.mseY] == 100)
    #expect(abs(try #require(scores[.ssim]) - luminance) < 1e-12)
    #expect(abs(try #require(scores[.ssimY]) - luminance) < 1e-12)
  }

  @Test func onlyTheMetricsAskedForAreComputed() throws {
    let image = constantImage(3, width: 12, height: 12)
    let scores = try MetricSuite([.mse]).prepare(image).scores(of: image)
    #expect(scores == MetricScores([.mse: 0]))
  }

  @Test func anotherSizeIsRefused() {
    let reference = MetricSuite().prepare(constantImage(0, width: 4, height: 3))
    #expect(
      throws: MetricError("the distorted picture is 3×4 pixels, the reference 4×3")
    ) { try reference.scores(of: constantImage(0, width: 3, height: 4)) }
  }

  @Test func anotherColourModelIsRefused() {
    let reference = MetricSuite().prepare(constantImage(0, width: 4, height: 3))
    #expect(
      throws: MetricError("the distorted picture is grey, the reference RGB")
    ) {
      try reference.scores(of: constantImage(0, width: 4, height: 3, colorModel: .gray))
    }
  }
}
