import Foundation
import RateDistortion
import Testing

@Suite struct BjontegaardDeltaTests {
  private let rates = [0.1, 0.25, 0.5, 1.0, 1.9, 3.2]
  private let scores = [25.1, 28.3, 31.0, 34.2, 37.9, 41.0]

  @Test(arguments: Interpolation.allCases, [(1.1, 10.0), (0.5, -50.0), (1.0, 0.0)])
  func `rates that are scaled everywhere give exactly that`(
    method: Interpolation, example: (factor: Double, percent: Double)
  ) throws {
    let outcome = BjontegaardDelta.rate(
      of: RateCurve(rates.map { $0 * example.factor }, scores), against: RateCurve(rates, scores),
      interpolation: method)
    let value = try #require(outcome.value)
    #expect(abs(value.delta - example.percent) < 1e-10)
    #expect(value.overlap == 1)
  }

  @Test(arguments: Interpolation.allCases)
  func `scores that are shifted everywhere give exactly that`(method: Interpolation) throws {
    let outcome = BjontegaardDelta.quality(
      of: RateCurve(rates, scores.map { $0 + 0.75 }), against: RateCurve(rates, scores),
      interpolation: method)
    #expect(abs(try #require(outcome.value).delta - 0.75) < 1e-10)
  }

  @Test func `exchanging the curves gives the inverse factor`() throws {
    let (a, b) = (
      RateCurve(rates, scores), RateCurve(rates.map { $0 * 0.8 }, scores.map { $0 + 1 })
    )
    let forward = try #require(BjontegaardDelta.rate(of: b, against: a).value).delta
    let back = try #require(BjontegaardDelta.rate(of: a, against: b).value).delta
    #expect(((1 + forward / 100) * (1 + back / 100)).isApproximately(1))
    #expect(forward < 0)
  }

  @Test func `the order of the sweep does not matter`() throws {
    let anchor = RateCurve(rates, scores)
    let forward = RateCurve(rates.map { $0 * 0.9 }, scores.map { $0 + 0.3 })
    let backward = RateCurve(rates.reversed().map { $0 * 0.9 }, scores.reversed().map { $0 + 0.3 })
    #expect(
      BjontegaardDelta.rate(of: forward, against: anchor)
        == BjontegaardDelta.rate(of: backward, against: anchor))
  }

  @Test func `a dominated point is dropped and counted`() throws {
    let anchor = RateCurve(rates, scores)
    let dented = RateCurve(rates + [0.6], scores + [30.5])
    let value = try #require(BjontegaardDelta.rate(of: dented, against: anchor).value)
    #expect(value.droppedPoints == 1)
    #expect(abs(value.delta) < 1e-10)
  }

  @Test func `equal rates keep the better score, equal scores the lower rate`() throws {
    let anchor = RateCurve(rates, scores)
    let doubled = RateCurve(rates + [0.5, 0.7], scores + [30.0, 31.0])
    let value = try #require(BjontegaardDelta.rate(of: doubled, against: anchor).value)
    #expect(value.droppedPoints == 2)
    #expect(abs(value.delta) < 1e-10)
  }

  @Test func `overlap is the shared part of the whole span`() throws {
    let (a, b) = (
      RateCurve([1, 2, 3, 4], [10, 20, 30, 40]), RateCurve([1, 2, 3, 4], [30, 40, 50, 60])
    )
    #expect(try #require(BjontegaardDelta.rate(of: a, against: b).value).overlap == 10.0 / 50)
  }

  @Test func `each reason for having no number`() {
    let anchor = RateCurve(rates, scores)
    func reason(_ rates: [Double], _ scores: [Double]) -> BjontegaardDelta.Outcome {
      BjontegaardDelta.rate(of: RateCurve(rates, scores), against: anchor)
    }
    #expect(reason([1, 2, 3], [30, 31, 32]) == .unavailable(.tooFewPoints))
    #expect(reason([], []) == .unavailable(.tooFewPoints))
    #expect(reason([1, 2, 3, 4], [50, 51, 52, 53]) == .unavailable(.noOverlap))
    #expect(reason([1, 2, 3, 4], [41, 42, 43, 44]) == .unavailable(.noOverlap))
    #expect(reason([1, 2, 3, 4], [33, 32, 31, 30]) == .unavailable(.nonMonotone))
    #expect(reason([1, 2, 3, 4], [30, 31, 32, .infinity]) == .unavailable(.infinite))
    #expect(reason([0, 2, 3, 4], [30, 31, 32, 33]) == .unavailable(.infinite))
  }

  @Test func `an infinite score leaves the rest and is counted`() throws {
    let outcome = BjontegaardDelta.rate(
      of: RateCurve(rates + [9], scores + [.infinity]), against: RateCurve(rates, scores))
    let value = try #require(outcome.value)
    #expect(value.droppedPoints == 1)
    #expect(abs(value.delta) < 1e-10)
  }
}

@Suite struct SetDeltaTests {
  private let anchorKey = CurveKey(codec: "jpeg")
  private let testKey = CurveKey(codec: "webp")

  /// Curves of images whose rates are those of the anchor times a factor for each image.
  private func sweep(_ key: CurveKey, factors: [String: Double]) throws -> Sweep {
    let images = factors.sorted { $0.key < $1.key }
    return try Sweep(
      key: key,
      measurements: images.flatMap { image, factor in
        (0..<6).map { index in
          sample(
            image, Double(index), rate: 0.1 * pow(1.8, Double(index)) * factor,
            26 + 3 * Double(index))
        }
      })
  }

  @Test func `the main figure is the mean of the images' own distances`() throws {
    let delta = SetDelta(
      of: try sweep(testKey, factors: ["a": 0.5, "b": 0.7, "c": 0.9]),
      against: try sweep(anchorKey, factors: ["a": 1, "b": 1, "c": 1]), kind: .rate,
      measure: try measure("psnr_db"))
    #expect(delta.images.map(\.image) == ["a", "b", "c"])
    #expect(try #require(delta.mean).isApproximately(-30))
    #expect(try #require(delta.meanCurves.value).delta.isApproximately(-30))
    let interval = try #require(delta.interval)
    #expect(interval.lowerBound >= -50 - 1e-9 && interval.lowerBound < -30)
    #expect(interval.upperBound <= -10 + 1e-9 && interval.upperBound > -30)
    #expect(delta.meanOverlap == 1)
  }

  @Test func `only images that both finished count, and the others are named`() throws {
    let delta = SetDelta(
      of: try sweep(testKey, factors: ["a": 0.5, "b": 0.7]),
      against: try sweep(anchorKey, factors: ["b": 1, "c": 1]), kind: .rate,
      measure: try measure("psnr_db"))
    #expect(delta.images.map(\.image) == ["b"])
    #expect(delta.leftOutImages == ["a", "c"])
    #expect(delta.interval == nil)
    #expect(try #require(delta.mean).isApproximately(-30))
  }

  @Test func `without a common image there is no figure`() throws {
    let delta = SetDelta(
      of: try sweep(testKey, factors: ["a": 0.5]), against: try sweep(anchorKey, factors: ["b": 1]),
      kind: .quality, measure: try measure("psnr_db"))
    #expect(delta.mean == nil)
    #expect(delta.meanCurves == .unavailable(.tooFewPoints))
  }
}

@Suite struct BootstrapTests {
  @Test func `the interval is that of the normal distribution for many values`() throws {
    // Numbers from −1 to 1, evenly spread: standard deviation 1/√3.
    let values = (0..<1000).map { Double($0) / 499.5 - 1 }
    let interval = try #require(Bootstrap.interval(ofMean: values, resamples: 4000))
    let half = 1.959964 * (1 / 3.0).squareRoot() / 1000.0.squareRoot()
    #expect(abs(interval.lowerBound + half) < 0.1 * half)
    #expect(abs(interval.upperBound - half) < 0.1 * half)
  }

  @Test func `the same seed gives the same interval, another seed another`() {
    let values = [3.0, 1, 4, 1, 5, 9, 2, 6]
    #expect(Bootstrap.interval(ofMean: values) == Bootstrap.interval(ofMean: values))
    #expect(
      Bootstrap.interval(ofMean: values, seed: 1) != Bootstrap.interval(ofMean: values, seed: 2))
  }

  @Test func `equal values have an interval without width, one value has none`() {
    #expect(Bootstrap.interval(ofMean: [2, 2, 2]) == 2...2)
    #expect(Bootstrap.interval(ofMean: [2]) == nil)
  }
}
