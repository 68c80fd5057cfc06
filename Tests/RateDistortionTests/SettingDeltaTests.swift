import Foundation
import RateDistortion
import Statistics
import Testing

@Suite struct SettingDeltaTests {
  private let key = CurveKey(codec: "jpeg")

  private func delta(
    _ test: [SweepMeasurement], _ anchor: [SweepMeasurement]
  ) throws -> [SettingDelta] {
    SettingDelta.deltas(
      of: try Sweep(key: key, measurements: test),
      against: try Sweep(key: key, measurements: anchor), over: ["a", "b"],
      measure: try measure("psnr_db"))
  }

  @Test func `rates are compared as ratios, scores as differences`() throws {
    let anchor = [sample("a", 10, rate: 1, 30), sample("b", 10, rate: 2, 34)]
    let test = [sample("a", 10, rate: 2, 31), sample("b", 10, rate: 1, 36)]
    let delta = try #require(try delta(test, anchor).first)
    #expect(abs(delta.rate) < 1e-12)
    #expect(delta.score.isApproximately(1.5))
    let interval = try #require(delta.rateInterval)
    #expect(interval.lowerBound.isApproximately(-50))
    #expect(interval.upperBound.isApproximately(100))
  }

  @Test func `only settings and images of both count`() throws {
    let anchor = [
      sample("a", 10, 30), sample("a", 20, 32), sample("a", 40, 34), sample("b", 10, 30),
    ]
    let test = [sample("a", 10, 30), sample("a", 20, 32), sample("a", 30, 33)]
    let deltas = try delta(test, anchor)
    #expect(deltas.map(\.quality) == [10, 20])
    #expect(deltas.map(\.images) == [["a"], ["a"]])
    #expect(deltas.allSatisfy { $0.rateInterval == nil })
  }

  @Test func `lossless images are named, and their infinite scores kept out of the mean`() throws {
    let anchor = [sample("a", nil, .infinity), sample("b", nil, 40)]
    let test = [sample("a", nil, 50), sample("b", nil, 41)]
    let forward = try #require(try delta(test, anchor).first)
    #expect(forward.lossyImages == ["a"])
    #expect(forward.losslessImages.isEmpty)
    #expect(forward.score == 1)
    #expect(try delta(anchor, test).first?.losslessImages == ["a"])
    let same = try #require(try delta(anchor, anchor).first)
    #expect(same.lossyImages.isEmpty && same.losslessImages.isEmpty)
    #expect(same.score == 0)
  }

  @Test func `the median's interval does not follow one outlier`() throws {
    let values = [1.0, 1.01, 0.99, 1.02, 0.98, 1, 1.01, 0.99, 30]
    #expect(median(values) == 1)
    let interval = try #require(Bootstrap.interval(ofMedian: values))
    #expect(interval.contains(1))
    #expect(interval.upperBound < 1.1)
    #expect(median([1, 2, 3, 4]) == 2.5)
    #expect(Bootstrap.interval(ofMedian: [1]) == nil)
  }
}
