import ImageMetrics
import Imaging
import Testing

/// The table of metrics is all that the rest of rdbench knows of them.
@Suite struct MetricDescriptorTests {
  @Test func `the columns of the results stand in their order`() {
    #expect(
      MetricID.allCases.map(\.rawValue) == [
        "mse", "psnr_db", "ssim", "ms_ssim", "mse_y", "psnr_y_db", "ssim_y", "ms_ssim_y",
      ])
  }

  @Test func `names and aliases are of one metric each`() {
    let names = MetricDescriptor.all.flatMap { [$0.id.rawValue] + $0.aliases }
    #expect(Set(names).count == names.count)
    #expect(MetricID(rawValue: "vmaf") == nil)
    for descriptor in MetricDescriptor.all {
      #expect(MetricID(rawValue: descriptor.id.rawValue)?.descriptor == descriptor)
    }
  }

  @Test(arguments: MetricDescriptor.all)
  func `a figure is there from its smallest size on, and within its bounds`(
    descriptor: MetricDescriptor
  ) throws {
    func score(side: Int) throws -> Double? {
      let count = 3 * side * (side + 3)
      let (first, second) = (0..<count).reduce(into: ([UInt8](), [UInt8]())) {
        $0.0.append(UInt8(truncatingIfNeeded: $1 * $1 >> 3))
        $0.1.append(UInt8(truncatingIfNeeded: $1 * $1 >> 3 | 9))
      }
      let images = [first, second].map {
        Image(width: side, height: side + 3, colorModel: .rgb, samples: $0)
      }
      return try MetricSuite([descriptor.id]).prepare(images[0]).scores(of: images[1])[
        descriptor.id]
    }
    let value = try #require(try score(side: descriptor.minimumSide))
    #expect(value <= descriptor.upperBound && value.isFinite)
    if descriptor.minimumSide > 1 { #expect(try score(side: descriptor.minimumSide - 1) == nil) }
  }

  @Test(arguments: MetricDescriptor.all)
  func `the direction is that of pictures that get worse`(descriptor: MetricDescriptor) throws {
    let original = (0..<(3 * 170 * 170)).map { UInt8(truncatingIfNeeded: $0 * $0 >> 5) }
    func image(_ samples: [UInt8]) -> Image {
      Image(width: 170, height: 170, colorModel: .rgb, samples: samples)
    }
    let reference = MetricSuite([descriptor.id]).prepare(image(original))
    let scores = try [3, 15, 63].map { mask in
      try #require(try reference.scores(of: image(original.map { $0 | mask }))[descriptor.id])
    }
    let rises = scores[0] < scores[1] && scores[1] < scores[2]
    let falls = scores[0] > scores[1] && scores[1] > scores[2]
    #expect(descriptor.higherIsBetter ? falls : rises)
  }
}
