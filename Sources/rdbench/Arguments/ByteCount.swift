import ArgumentParser

/// A number of bytes on the command line: `500MB`, `1.5GB`, `2000000`.
struct ByteCount: ExpressibleByArgument {
  /// The number of bytes.
  let value: Int

  private static let units: [(suffix: String, factor: Double)] = [
    ("kB", 1e3), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("B", 1), ("", 1),
  ]

  /// Reads a number with or without a decimal unit; `nil` for anything else.
  init?(argument: String) {
    guard let unit = Self.units.first(where: { argument.hasSuffix($0.suffix) }),
      let number = Double(argument.dropLast(unit.suffix.count)), number >= 0,
      let value = Int(exactly: (number * unit.factor).rounded())
    else { return nil }
    self.value = value
  }
}
