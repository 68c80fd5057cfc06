/// Numbers with a fixed number of digits after the point, independent of locale and platform.
enum FixedDecimal {
  /// The number rounded to `fractionDigits` digits, trailing zeros kept.
  static func padded(_ value: Double, fractionDigits: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    var scale = 1.0
    for _ in 0..<fractionDigits { scale *= 10 }
    let scaled = (value.magnitude * scale).rounded()
    guard scaled < 9e15 else { return "\(value)" }
    let digits = String(Int(scaled))
    let filled =
      String(repeating: "0", count: max(0, fractionDigits + 1 - digits.count)) + digits
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard fractionDigits > 0 else { return sign + filled }
    return "\(sign)\(filled.dropLast(fractionDigits)).\(filled.suffix(fractionDigits))"
  }

  /// The number rounded to at most `fractionDigits` digits, without trailing zeros.
  static func shortest(_ value: Double, fractionDigits: Int) -> String {
    var text = padded(value, fractionDigits: fractionDigits)
    guard text.contains("."), !text.contains("e") else { return text }
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }
}
