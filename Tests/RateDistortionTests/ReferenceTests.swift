import Foundation
import RateDistortion
import Testing

/// What `Scripts/fixtures/rate_distortion.py` wrote.
private struct Reference: Decodable {
  struct Curve: Decodable {
    let rates: [Double]
    let scores: [Double]
  }

  struct Pair: Decodable {
    let anchor: Curve
    let test: Curve
    let rate: [String: Double]
    let quality: [String: Double]
  }

  struct Interpolant: Decodable {
    let name: String
    let method: String
    let x: [Double]
    let y: [Double]
    let slopes: [Double]?
    let positions: [Double]
    let values: [Double]
    let lower: Double
    let upper: Double
    let integral: Double
  }

  let pairs: [Pair]
  let interpolants: [Interpolant]

  static func load() throws -> Reference {
    let url = try #require(
      Bundle.module.url(
        forResource: "rate_distortion", withExtension: "json", subdirectory: "Fixtures"))
    return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
  }
}

extension RateCurve {
  /// A curve for tests.
  init(_ rates: [Double], _ scores: [Double]) {
    self.init(
      key: CurveKey(codec: "test"),
      points: zip(rates, scores).map { RatePoint(rate: BitsPerPixel($0), score: Score($1)) })
  }
}

@Suite struct ReferenceTests {
  @Test(arguments: Interpolation.allCases)
  func `distances agree with the bjontegaard package`(method: Interpolation) throws {
    for (number, pair) in try Reference.load().pairs.enumerated() {
      let test = RateCurve(pair.test.rates, pair.test.scores)
      let anchor = RateCurve(pair.anchor.rates, pair.anchor.scores)
      let rate = BjontegaardDelta.rate(of: test, against: anchor, interpolation: method)
      let quality = BjontegaardDelta.quality(of: test, against: anchor, interpolation: method)
      let expectedRate = try #require(pair.rate[method.rawValue])
      let expectedQuality = try #require(pair.quality[method.rawValue])
      #expect(
        try #require(rate.value).delta.isApproximately(expectedRate, within: 1e-9),
        "pair \(number)")
      #expect(
        try #require(quality.value).delta.isApproximately(expectedQuality, within: 1e-9),
        "pair \(number)")
      #expect(try #require(rate.value).droppedPoints == 0)
    }
  }

  @Test func `interpolants agree with SciPy and NumPy`() throws {
    for expected in try Reference.load().interpolants {
      let method = try #require(Interpolation(rawValue: expected.method))
      let function = method.function(x: expected.x, y: expected.y)
      let name = Comment(rawValue: "\(expected.method) of \(expected.name)")
      for (slope, reference) in zip(function.slopes, expected.slopes ?? []) {
        #expect(slope.isApproximately(reference, within: 1e-11), name)
      }
      for (position, value) in zip(expected.positions, expected.values) {
        #expect(function.value(at: position).isApproximately(value, within: 1e-11), name)
      }
      let integral = function.integral(from: expected.lower, to: expected.upper)
      #expect(integral.isApproximately(expected.integral, within: 1e-11), name)
    }
  }
}
