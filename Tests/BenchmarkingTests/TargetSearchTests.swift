import Codecs
import Testing

@testable import Benchmarking
@testable import Results

@Suite struct TargetSearchTests {
  /// 1 to 100 in steps of 1, as JPEG's.
  private static let steps = QualityScale(
    name: "quality", unit: "", range: 1...100, step: 1, direction: .higherIsBetter,
    recommendedSweep: [5, 50, 95])
  /// Any number, smaller is better, as JPEG XL's distance.
  private static let distances = QualityScale(
    name: "distance", unit: "", range: 0...25, step: nil, direction: .lowerIsBetter,
    recommendedSweep: [14, 1])

  /// Carries a search out on a function.
  private func run(
    _ target: Target, on scale: QualityScale, probes: Int = 16, _ value: (Double) -> Double?
  ) -> (search: TargetSearch, asked: [Double]) {
    var search = TargetSearch(target, on: scale, maximumProbes: probes)
    var asked: [Double] = []
    while let quality = search.next() {
      #expect(scale.contains(quality))
      #expect(!asked.contains(quality), "asked twice for \(quality)")
      asked.append(quality)
      search.add(quality, value: value(quality))
    }
    #expect(asked.count <= probes)
    return (search, asked)
  }

  @Test(arguments: [0.1, 0.25, 0.5, 1, 2, 3.9])
  func `on a rising staircase the nearest step is found`(bits: Double) throws {
    func rate(_ quality: Double) -> Double { 0.05 * 1.045.raised(to: Int(quality)) }
    let (search, asked) = run(Target(.bitsPerPixel, bits), on: Self.steps, rate)
    let nearest = try #require(
      (1...100).map(Double.init).min { abs(rate($0) - bits) < abs(rate($1) - bits) })
    #expect(search.best?.quality == nearest)
    #expect(!search.isBeyondRange)
    #expect(asked.count <= 12)
  }

  @Test func `a stepless scale comes within the tolerance in a few probes, whatever its direction`()
  {
    let target = Target(.bitsPerPixel, 0.7)
    let (search, asked) = run(target, on: Self.distances) { 4 / (0.2 + $0) }
    #expect(abs((search.best?.value ?? 0) - 0.7) <= 0.0007)
    #expect(asked.count <= 10)
  }

  @Test func `where the figure falls between two steps, both sides are looked at`() {
    // 40 is a dip: a search that trusts the order would end at 38.
    func score(_ quality: Double) -> Double { quality == 40 ? 37.99 : 18 + quality / 2 }
    let (search, _) = run(Target(.metric(.psnr), 37.98), on: Self.steps, score)
    #expect(search.best?.quality == 40)
  }

  @Test func `every seeded staircase with dips ends within the steps beside a crossing`() {
    var random = SeededRandom(state: 5)
    for round in 0..<200 {
      var values: [Double] = []
      for step in 0...100 { values.append(Double(step) + 6 * random.unit()) }
      let aim = 20 + 60 * random.unit()
      let (search, _) = run(Target(.metric(.psnr), aim), on: Self.steps) { values[Int($0)] }
      let error = search.best.map { abs($0.value - aim) } ?? .infinity
      // Neighbours differ by 7 at most, and the search may end at either side of a crossing.
      #expect(error <= 3.5, "round \(round)")
      #expect(!search.isBeyondRange, "round \(round)")
    }
  }

  @Test func `beyond the range both ends of the scale are tried`() {
    let (search, asked) = run(Target(.bitsPerPixel, 9), on: Self.steps) { $0 / 100 }
    #expect(Set(asked) == [1, 5, 95, 100])
    #expect(search.isBeyondRange)
    #expect(search.reachedRange == 0.01...1)
    #expect(search.best?.quality == 100)
  }

  @Test func `measurements that fail are passed over`() {
    let (search, _) = run(Target(.bitsPerPixel, 0.3), on: Self.steps) { $0 < 20 ? nil : $0 / 100 }
    #expect(search.best?.quality == 30)
    let (hopeless, asked) = run(Target(.bitsPerPixel, 0.3), on: Self.steps) { _ in nil }
    #expect(hopeless.best == nil)
    #expect(hopeless.isBeyondRange)
    #expect(asked.count == 4)
  }

  @Test func `an exact picture is above every target`() {
    let (search, _) = run(Target(.metric(.psnr), 45), on: Self.steps) {
      $0 > 90 ? .infinity : $0 / 2
    }
    #expect(search.best?.quality == 90)
    #expect(!search.isBeyondRange)
  }

  @Test func `the number of probes is kept, and what is known costs nothing`() {
    func rate(_ quality: Double) -> Double { quality / 100 }
    #expect(run(Target(.bitsPerPixel, 0.371), on: Self.steps, probes: 3, rate).asked.count == 3)
    var search = TargetSearch(
      Target(.bitsPerPixel, 0.37), on: Self.steps, maximumProbes: 16,
      known: [(50, 0.5), (37, 0.37), (5, 0.05)])
    #expect(search.next() == nil)
    #expect(search.best?.quality == 37)
    search.add(36, value: 0.36)
    #expect(search.probes.map(\.quality) == [5, 36, 37, 50])
  }
}

/// A small generator whose numbers are the same everywhere.
struct SeededRandom {
  var state: UInt64

  /// The next number, from 0 to below 1.
  mutating func unit() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) * 0x1p-53
  }
}

extension Double {
  fileprivate func raised(to power: Int) -> Double {
    (0..<power).reduce(1) { product, _ in product * self }
  }
}
