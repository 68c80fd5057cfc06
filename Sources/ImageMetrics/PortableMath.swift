/// Logarithm and exponential from IEEE 754 additions, multiplications and divisions alone.
///
/// The C library's functions differ in their last bit between systems, and on some between
/// processors. Results are compared bit by bit, so these few lines take their place.
package enum PortableMath {
  /// ln 2 in two parts; the first has few enough bits for its product with an exponent to be exact.
  private static let logOf2 = (high: 0x1.62e42feep-1, low: 0x1.a39ef35793c76p-33)

  /// The natural logarithm of a positive, finite number, right to 1 unit in the last place.
  ///
  /// x = 2ᵉ · m with m in [√½, √2). With f = m - 1 and s = f / (2 + f),
  /// ln m = 2 artanh(s) = 2s + s R, R = 2 (s²/3 + s⁴/5 + …), and 2s = f - f²/2 + s f²/2. Starting
  /// from f, which is exact, keeps the rounding error of s small.
  package static func log(_ x: Double) -> Double {
    var exponent = Double(x.exponent)
    var mantissa = x.significand
    if mantissa * mantissa >= 2 {
      mantissa /= 2
      exponent += 1
    }
    let f = mantissa - 1
    let s = f / (2 + f)
    let square = s * s
    var series = 0.0
    for n in stride(from: 25, through: 3, by: -2) { series = (series + 2 / Double(n)) * square }
    let halfSquare = f * f / 2
    let correction = s * (halfSquare + series) + exponent * logOf2.low
    return exponent * logOf2.high + (f - (halfSquare - correction))
  }

  /// The decimal logarithm of a positive, finite number, right to 3 units in the last place.
  static func log10(_ x: Double) -> Double {
    log(x) / 0x1.26bb1bbb55516p+1
  }

  /// The exponential function of a number from -700 to 700, right to 2 units in the last place.
  ///
  /// eˣ = 2ᵏ · eʳ with |r| ≤ ½ ln 2 and the power series of eʳ.
  static func exp(_ x: Double) -> Double {
    let k = (x / logOf2.high).rounded()
    let r = (x - k * logOf2.high) - k * logOf2.low
    var series = 1.0
    for n in stride(from: 16, through: 1, by: -1) { series = 1 + series * r / Double(n) }
    return series * Double(sign: .plus, exponent: Int(k), significand: 1)
  }

  /// Π factorᵢ ^ exponentᵢ for factors from 0 to 1 and positive exponents.
  static func weightedProduct(of factors: [Double], exponents: [Double]) -> Double {
    guard factors.allSatisfy({ $0 > 0 }) else { return 0 }
    return exp(zip(factors, exponents).map { log($0) * $1 }.reduce(0, +))
  }
}
