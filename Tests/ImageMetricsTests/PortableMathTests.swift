import Foundation
import Testing

@testable import ImageMetrics

@Suite struct PortableMathTests {
  @Test func logarithmAgreesWithTheCLibrary() {
    let numbers =
      (1...20_000).map { Double($0) * 0.000_37 }
      + (-1000...1000).map { Double(sign: .plus, exponent: $0, significand: 1.1) }
    #expect(largestError(of: PortableMath.log, against: log, at: numbers) <= 1)
    #expect(largestError(of: PortableMath.log10, against: log10, at: numbers) <= 3)
  }

  @Test func exponentialAgreesWithTheCLibrary() {
    let numbers = (-20_000...20_000).map { Double($0) * 0.0349 }
    #expect(largestError(of: PortableMath.exp, against: exp, at: numbers) <= 2)
  }

  /// The largest difference in units in the last place.
  private func largestError(
    of function: (Double) -> Double, against library: (Double) -> Double, at numbers: [Double]
  ) -> Double {
    numbers.map { abs(function($0) - library($0)) / library($0).ulp }.max() ?? .infinity
  }

  @Test func exactValues() {
    #expect(PortableMath.log(1) == 0)
    #expect(PortableMath.exp(0) == 1)
    #expect(PortableMath.log10(100) == 2)
  }

  @Test func aProductWithAZeroIsZero() {
    #expect(PortableMath.weightedProduct(of: [0.5, 0], exponents: [0.5, 0.1]) == 0)
    #expect(PortableMath.weightedProduct(of: [1, 1], exponents: [0.5, 0.1]) == 1)
    #expect(
      abs(PortableMath.weightedProduct(of: [0.25, 0.01], exponents: [0.5, 0.5]) - 0.05) < 1e-16)
  }
}
