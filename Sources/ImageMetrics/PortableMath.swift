/// Logarithm and exponential from IEEE 754 additions, multiplications and divisions alone.
///
/// The C library's functions differ in their last bit between systems, and on some between
/// processors. Results are compared bit by bit, so these few lines take their place.
enum PortableMath {
  /// ln 2 in two parts; the first has few enough bits for its product with an exponent to be exact.
  private static let logOf2 = (high: 0x1.62e42feep-1, low: 0x1.a39ef35793c76p-33)

  /// The natural logarithm of a positive, finite number, with an error below 1 unit in the last
  /// place.
  ///
  /// x = 2ᵉ · m with m in [√½, √2), ln m = 2 artanh(s) = 2 (s + s³/3 + s⁵/5 + …), s = (m-1)/(m+1).
  static func log(_ x: Double) -> Double {
    var exponent = Double(x.exponent)
    var mantissa = x.significand
    if mantissa * mantissa >= 2 {
      mantissa /= 2
      exponent += 1
    }
    let s = (mantissa - 1) / (mantissa + 1)
    let square = s * s
    var series = 0.0
    for n in stride(from: 25, through: 3, by: -2) { series = (series + 1 / Double(n)) * square }
    let logOfMantissa = 2 * s + 2 * s * series
    return exponent * logOf2.high + (exponent * logOf2.low + logOfMantissa)
  }

  /// The decimal logarithm of a positive, finite number.
  static func log10(_ x: Double) -> Double {
    log(x) / 0x1.26bb1bbb55516p+1
  }

  /// The exponential function of a number from -700 to 700.
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
