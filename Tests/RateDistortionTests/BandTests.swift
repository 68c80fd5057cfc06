import Foundation
import RateDistortion
import Testing

/// What `Scripts/fixtures/bands.py` wrote.
private struct BandReference: Decodable {
  struct Codec: Decodable {
    let rates: [[Double]]
    let scores: [[Double]]
  }

  struct Case: Decodable {
    let rates: [Double]
    let band: [[Double]]
    let qualities: [Double]
    let savings: [Double]
    let bandQualities: [Double]
    let savingsBand: [[Double]]
  }

  let pixels: [Int]
  let codecs: [String: Codec]
  let cases: [String: Case]

  static func load() throws -> BandReference {
    let url = try #require(
      Bundle.module.url(forResource: "bands", withExtension: "json", subdirectory: "Fixtures"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(BandReference.self, from: Data(contentsOf: url))
  }

  /// The names of the images.
  var images: [String] { pixels.indices.map { "\($0).png" } }

  func sweep(_ codec: String) throws -> Sweep {
    let figures = try #require(codecs[codec])
    return try Sweep(
      key: CurveKey(codec: codec),
      measurements: pixels.indices.flatMap { image in
        figures.rates[image].indices.map { setting in
          SweepMeasurement(
            image: "\(image).png", pixelCount: pixels[image], quality: Double(setting),
            outcome: .scored(
              BitsPerPixel(figures.rates[image][setting]), column: figures.scores[image][setting]))
        }
      })
  }
}

@Suite struct QualityBandTests {
  @Test(arguments: Weighting.allCases)
  func `the band is that of an independent computation`(weighting: Weighting) throws {
    let reference = try BandReference.load()
    let expected = try #require(reference.cases[weighting.rawValue])
    let band = try #require(
      QualityBand(
        of: try reference.sweep("test"), over: reference.images, measure: try measure("psnr_db"),
        weighting: weighting))
    #expect(band.points.count == expected.rates.count)
    for (point, (rate, interval)) in zip(band.points, zip(expected.rates, expected.band)) {
      #expect(point.rate.value.isApproximately(rate, within: 1e-12))
      #expect(point.scores.lowerBound.value.isApproximately(interval[0], within: 1e-11))
      #expect(point.scores.upperBound.value.isApproximately(interval[1], within: 1e-11))
    }
  }

  @Test func `images that are all the same have a band without width on the curve itself`() throws {
    let images = ["a", "b", "c"]
    let sweep = try Sweep(
      key: CurveKey(codec: "jpeg"),
      measurements: images.flatMap { image in
        (0..<5).map { sample(image, Double($0), rate: Double($0 + 1), 30 + Double($0)) }
      })
    let band = try #require(QualityBand(of: sweep, over: images, measure: try measure("psnr_db")))
    #expect(band.points.count == 5)
    for (index, point) in band.points.enumerated() {
      #expect(point.rate.value.isApproximately(Double(index + 1), within: 1e-12))
      #expect(point.scores.lowerBound.value.isApproximately(30 + Double(index), within: 1e-12))
      #expect(point.scores.upperBound.value.isApproximately(30 + Double(index), within: 1e-12))
    }
  }

  @Test func `one image, three points, or a measure that falls have no band`() throws {
    func sweep(settings: Int, column: Double = 30) throws -> Sweep {
      try Sweep(
        key: CurveKey(codec: "jpeg"),
        measurements: ["a", "b"].flatMap { image in
          (0..<settings).map {
            sample(image, Double($0), rate: Double($0 + 1), column + Double($0))
          }
        })
    }
    let psnr = try measure("psnr_db")
    #expect(QualityBand(of: try sweep(settings: 4), over: ["a", "b"], measure: psnr) != nil)
    #expect(QualityBand(of: try sweep(settings: 4), over: ["a"], measure: psnr) == nil)
    #expect(QualityBand(of: try sweep(settings: 3), over: ["a", "b"], measure: psnr) == nil)
    #expect(
      QualityBand(of: try sweep(settings: 4), over: ["a", "b"], measure: try measure("mse")) == nil)
  }
}

@Suite struct SavingsCurveTests {
  @Test(arguments: Weighting.allCases)
  func `savings and band are those of an independent computation`(weighting: Weighting) throws {
    let reference = try BandReference.load()
    let expected = try #require(reference.cases[weighting.rawValue])
    let curve = try SavingsCurve(
      of: try reference.sweep("test"), against: try reference.sweep("anchor"),
      measure: try measure("psnr_db"), weighting: weighting)
    let points = Dictionary(
      uniqueKeysWithValues: curve.points.map { ($0.quality.value, $0.saving) })
    for (quality, saving) in zip(expected.qualities, expected.savings) {
      let nearest = try #require(points.keys.min { abs($0 - quality) < abs($1 - quality) })
      #expect(nearest.isApproximately(quality, within: 1e-12))
      #expect(abs(try #require(points[nearest]) - saving) < 1e-9)
    }
    #expect(curve.band.count == expected.bandQualities.count)
    for (point, (quality, interval)) in zip(
      curve.band, zip(expected.bandQualities, expected.savingsBand))
    {
      #expect(point.quality.value.isApproximately(quality, within: 1e-12))
      #expect(abs(point.savings.lowerBound - interval[0]) < 1e-9)
      #expect(abs(point.savings.upperBound - interval[1]) < 1e-9)
    }
  }

  @Test(arguments: Weighting.allCases)
  func `the integral of the logarithm of the ratio is the BD-rate of the mean curves`(
    weighting: Weighting
  ) throws {
    let reference = try BandReference.load()
    let (test, anchor) = (try reference.sweep("test"), try reference.sweep("anchor"))
    let psnr = try measure("psnr_db")
    let curve = try SavingsCurve(of: test, against: anchor, measure: psnr, weighting: weighting)
    let delta = SetDelta(
      of: test, against: anchor, kind: .rate, measure: psnr, weighting: weighting)
    let printed = try #require(delta.meanCurves.value).delta
    // By trapezoids over what is drawn, which are coarse but know nothing of the pieces.
    var area = 0.0
    for (a, b) in zip(curve.points, curve.points.dropFirst()) {
      let height = log(1 - a.saving / 100) + log(1 - b.saving / 100)
      area += height / 2 * (b.quality.value - a.quality.value)
    }
    let first = try #require(curve.points.first).quality.value
    let last = try #require(curve.points.last).quality.value
    #expect(abs(100 * expm1(area / (last - first)) - printed) < 1e-3)
    #expect(abs(curve.rateDelta.delta - printed) < 1e-12)
    #expect(printed < -20)
  }

  @Test(arguments: [(0.5, 50.0), (1.25, -25.0), (1.0, 0.0)])
  func `rates that are scaled everywhere give the same saving everywhere, and no band width`(
    factor: Double, saving: Double
  ) throws {
    func sweep(_ codec: String, factor: Double) throws -> Sweep {
      try Sweep(
        key: CurveKey(codec: codec),
        measurements: ["a", "b", "c"].enumerated().flatMap { number, image in
          (0..<6).map { setting in
            sample(
              image, Double(setting),
              rate: factor * pow(1.5, Double(setting)) * Double(number + 2),
              26 + 3 * Double(setting) - Double(number))
          }
        })
    }
    let curve = try SavingsCurve(
      of: try sweep("webp", factor: factor), against: try sweep("jpeg", factor: 1),
      measure: try measure("psnr_db"))
    #expect(curve.points.allSatisfy { abs($0.saving - saving) < 1e-10 })
    #expect(!curve.band.isEmpty)
    #expect(
      curve.band.allSatisfy {
        abs($0.savings.lowerBound - saving) < 1e-10 && abs($0.savings.upperBound - saving) < 1e-10
      })
    #expect(curve.points.compactMap(\.measured).map(\.quality) == [0, 1, 2, 3, 4, 5])
  }

  @Test func `only images that both finished count`() throws {
    func sweep(_ codec: String, _ images: [String]) throws -> Sweep {
      try Sweep(
        key: CurveKey(codec: codec),
        measurements: images.flatMap { image in
          (0..<4).map { sample(image, Double($0), rate: Double($0 + 1), 30 + Double($0)) }
        })
    }
    let curve = try SavingsCurve(
      of: try sweep("webp", ["a", "b"]), against: try sweep("jpeg", ["b", "c"]),
      measure: try measure("psnr_db"))
    #expect(curve.imageCount == 1)
    #expect(curve.band.isEmpty)
  }

  @Test func `curves without a common quality say why`() throws {
    func sweep(_ codec: String, from score: Double) throws -> Sweep {
      try Sweep(
        key: CurveKey(codec: codec),
        measurements: (0..<4).map {
          sample("a", Double($0), rate: Double($0 + 1), score + Double($0))
        })
    }
    let psnr = try measure("psnr_db")
    #expect(throws: BjontegaardDelta.Reason.noOverlap) {
      try SavingsCurve(
        of: try sweep("webp", from: 50), against: try sweep("jpeg", from: 30), measure: psnr)
    }
  }

  @Test func `a published curve has savings without a band`() throws {
    let reference = try BandReference.load()
    let psnr = try measure("psnr_db")
    let anchor = try reference.sweep("anchor")
    let mean = try reference.sweep("test").meanCurve(over: reference.images, measure: psnr)
    let curve = try SavingsCurve(ofPublished: mean, against: anchor, measure: psnr)
    #expect(curve.band.isEmpty)
    let expected = try #require(reference.cases["images"]).savings
    #expect(abs(try #require(curve.points.first).saving - expected[0]) < 1e-9)
  }
}
