import Foundation

/// As much of an ICC profile (ICC.1:2010) as it takes to see whether it describes sRGB.
///
/// Profiles are compared by what they do, not by their name: many different files describe sRGB.
struct ICCProfile {
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Whether the primaries and the tone curve are those of sRGB.
  ///
  /// A grey profile is judged by its curve alone. Primaries are compared with the sRGB primaries
  /// adapted to D50 within 0.003, tone curves at five points within 0.01: enough to tell sRGB from
  /// Adobe RGB, Display P3 and a plain 1.8 or 2.2 gamma, and wide enough for the rounding and the
  /// slightly different chromatic adaptations of the profiles in use.
  var isSRGB: Bool {
    switch text(at: 16) {
    case "GRAY": return hasSRGBCurve("kTRC")
    case "RGB ":
      return hasColorant("rXYZ", near: [0.4361, 0.2225, 0.0139])
        && hasColorant("gXYZ", near: [0.3851, 0.7169, 0.0971])
        && hasColorant("bXYZ", near: [0.1431, 0.0606, 0.7141])
        && ["rTRC", "gTRC", "bTRC"].allSatisfy(hasSRGBCurve)
    default: return false
    }
  }

  private func hasColorant(_ tag: String, near expected: [Double]) -> Bool {
    guard let start = offset(ofTag: tag), text(at: start) == "XYZ " else { return false }
    return expected.indices.allSatisfy { index in
      guard let value = fixed(at: start + 8 + 4 * index) else { return false }
      return abs(value - expected[index]) <= 0.003
    }
  }

  private func hasSRGBCurve(_ tag: String) -> Bool {
    guard let start = offset(ofTag: tag) else { return false }
    return [0.1, 0.25, 0.5, 0.75, 0.9].allSatisfy { input in
      guard let output = curve(at: start, input) else { return false }
      return abs(output - pow((input + 0.055) / 1.055, 2.4)) <= 0.01
    }
  }

  /// The value of a `curv` or `para` curve, 0…1 in and out.
  private func curve(at start: Int, _ input: Double) -> Double? {
    switch text(at: start) {
    case "curv": return sampledCurve(at: start, input)
    case "para": return parametricCurve(at: start, input)
    default: return nil
    }
  }

  private func sampledCurve(at start: Int, _ input: Double) -> Double? {
    guard let count = integer(at: start + 8, size: 4) else { return nil }
    func entry(_ index: Int) -> Int? { integer(at: start + 12 + 2 * index, size: 2) }
    switch count {
    case 0: return input
    case 1: return entry(0).map { pow(input, Double($0) / 256) }
    default:
      let position = input * Double(count - 1)
      let index = min(Int(position), count - 2)
      guard let low = entry(index), let high = entry(index + 1) else { return nil }
      let fraction = position - Double(index)
      return (Double(low) * (1 - fraction) + Double(high) * fraction) / 65535
    }
  }

  /// Types 0, 3 and 4 of ICC.1:2010 table 65; the other two do not occur for sRGB.
  private func parametricCurve(at start: Int, _ input: Double) -> Double? {
    guard let type = integer(at: start + 8, size: 2) else { return nil }
    let count = [0: 1, 3: 5, 4: 7][type] ?? 0
    let p = (0..<count).compactMap { fixed(at: start + 12 + 4 * $0) }
    guard p.count == count, count > 0 else { return nil }
    if count == 1 { return pow(input, p[0]) }
    let offsets = count == 7 ? (p[5], p[6]) : (0, 0)
    return input >= p[4] ? pow(p[1] * input + p[2], p[0]) + offsets.0 : p[3] * input + offsets.1
  }

  /// Where the data of a tag begin.
  private func offset(ofTag tag: String) -> Int? {
    guard let count = integer(at: 128, size: 4) else { return nil }
    // No profile has more than a few dozen tags; the bound keeps a hostile count harmless.
    for index in 0..<min(count, 200) where text(at: 132 + 12 * index) == tag {
      return integer(at: 136 + 12 * index, size: 4)
    }
    return nil
  }

  /// An `s15Fixed16Number`.
  private func fixed(at offset: Int) -> Double? {
    integer(at: offset, size: 4).map { Double(Int32(truncatingIfNeeded: $0)) / 65536 }
  }

  /// A big-endian unsigned integer.
  private func integer(at offset: Int, size: Int) -> Int? {
    guard offset >= 0, offset + size <= bytes.count else { return nil }
    return bytes[offset..<offset + size].reduce(0) { $0 << 8 | Int($1) }
  }

  /// A signature of four characters.
  private func text(at offset: Int) -> String? {
    guard offset >= 0, offset + 4 <= bytes.count else { return nil }
    return String(decoding: bytes[offset..<offset + 4], as: UTF8.self)
  }
}
