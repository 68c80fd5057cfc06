import Codecs
import Foundation
import LearnedCodecs
import NeuralNetworks
import Testing

@Suite struct RateKnobTests {
  @Test func positionsBecomeTheNearestByte() {
    #expect(RateKnob(position: 0).byte == 0)
    #expect(RateKnob(position: 1).byte == 255)
    #expect(RateKnob(position: 0.5).byte == 128)
    #expect(RateKnob(position: -1).byte == 0 && RateKnob(position: 7).byte == 255)
    for byte in UInt8.min...UInt8.max {
      #expect(RateKnob(position: Double(RateKnob(byte: byte).position)).byte == byte)
    }
  }
}

@Suite struct RateSearchTests {
  /// Sizes of a picture of 100,000 pixels: `lowest` bytes at 0 and ten times as many at 255.
  private static func byteCount(_ knob: RateKnob, lowest: Double, exponent: Double) -> Int {
    Int(lowest * pow(10, pow(Double(knob.position), exponent)))
  }

  /// Runs a search and notes where it looked.
  private func search(
    _ bitsPerPixel: Double, maximumRuns: Int = 12, size: (RateKnob) -> Int
  ) throws -> (outcome: RateSearch.Outcome<UInt8>, knobs: [UInt8], search: RateSearch) {
    let search = RateSearch(
      bitsPerPixel: bitsPerPixel, pixelCount: 100_000, maximumRuns: maximumRuns)
    var knobs: [UInt8] = []
    let outcome = try search.run { knob throws(CodecError) in
      knobs.append(knob.byte)
      return (coded: knob.byte, byteCount: size(knob))
    }
    return (outcome, knobs, search)
  }

  @Test(arguments: [0.5, 1, 2.5], [0.1, 0.101, 0.15, 0.3, 0.5, 0.8, 0.98])
  func meetsWhatTheKnobCanReach(exponent: Double, bitsPerPixel: Double) throws {
    let found = try search(bitsPerPixel) {
      Self.byteCount($0, lowest: 1_250, exponent: exponent)
    }
    let size = Self.byteCount(found.outcome.best.knob, lowest: 1_250, exponent: exponent)
    let ratio = 8 * Double(size) / 100_000 / bitsPerPixel
    #expect(found.outcome.best.coded == found.outcome.best.knob.byte)
    #expect(abs(found.outcome.best.ratio - ratio) < 1e-12)
    // A root is so steep at 0 that neighbouring bytes lie 16 per cent apart.
    if exponent >= 1 || bitsPerPixel > 0.2 {
      #expect(found.search.isWithinTolerance(found.outcome.best), "\(ratio), \(found.knobs)")
    }
    #expect(found.knobs.count <= 12 && Set(found.knobs).count == found.knobs.count)
    #expect(found.knobs.first == 128)
  }

  @Test func endsOfTheKnobAreTheNearestToTargetsBeyondThem() throws {
    for (bitsPerPixel, end) in [(0.05, UInt8(0)), (3, 255)] {
      let found = try search(bitsPerPixel) { Self.byteCount($0, lowest: 1_250, exponent: 1) }
      #expect(found.outcome.best.knob.byte == end)
      #expect(!found.search.isWithinTolerance(found.outcome.best))
      #expect((found.outcome.above == nil) == (end == 255))
    }
    let found = try search(0.05) { Self.byteCount($0, lowest: 1_250, exponent: 1) }
    #expect(
      found.search.failureMessage(found.outcome.best)
        == "0.05 bits per pixel cannot be met: the nearest rate is 0.1")
  }

  /// A rate that jumps over the target has a last trial on both sides.
  @Test func jumpsLeaveTheNearestOnBothSides() throws {
    let found = try search(0.5) { $0.byte < 77 ? 5_000 : 7_000 }
    #expect(found.outcome.best.ratio == 0.56 / 0.5)
    #expect(found.outcome.above?.knob.byte ?? 0 >= 77)
    #expect(found.knobs.contains(76) && found.knobs.contains(77))
  }

  @Test func modelsOfOneRateRunOnce() throws {
    let found = try search(0.5, maximumRuns: 1) { _ in 5_000 }
    #expect(found.knobs == [128] && found.outcome.above == nil)
  }

  @Test func errorsOfTheEncoderEndTheSearch() {
    let search = RateSearch(bitsPerPixel: 1, pixelCount: 64)
    let error = #expect(throws: CodecError.self) {
      try search.run { _ throws(CodecError) -> (coded: Int, byteCount: Int) in
        throw CodecError(codec: "tiny", kind: .encodingFailed, message: "no")
      }
    }
    #expect(error?.kind == .encodingFailed)
  }
}

@Suite struct RateConditioningTests {
  private func conditioning() throws -> RateConditioning {
    try #require(try TinyModelFile.model(isConditioned: true).conditioning)
  }

  /// u = max(2 t − 1, 0), factor = exp(0.5 u + 0.25), shift = 3 u − 0.5.
  @Test(arguments: [0, 0.25, 0.5, 0.75, 1] as [Float])
  func factorsAndShiftsFollowTheFormula(knob: Float) throws {
    let conditioning = try conditioning()
    let unit = max(2 * knob - 1, 0)
    let factors = conditioning.factors(at: knob)
    #expect(factors.keys.sorted() == ["encoder"])
    #expect(factors["encoder"]?.count == 3)
    for factor in factors["encoder"] ?? [] {
      #expect(abs(factor - exp(0.5 * unit + 0.25)) < 1e-6)
    }
    #expect(abs(conditioning.shift(of: "offset", at: knob) - (3 * unit - 0.5)) < 1e-6)
  }
}
