/// A parameter that a codec can be configured with.
public struct CodecParameter: Sendable, Equatable {
  /// The values that a parameter takes.
  public enum Values: Sendable, Equatable {
    /// One of a few words.
    case choice([String])
    /// A whole number.
    case integer(ClosedRange<Int>)
    /// A number.
    case number(ClosedRange<Double>)
    /// Another codec, by its id; its own parameters follow with the parameter's name and a dot before
    /// theirs (``CodecSpec``). The alternatives are words that stand for no codec, such as `none`.
    case codec(alternatives: [String] = [])
  }

  /// The name in spec strings, such as `subsampling`.
  public let name: String
  /// The values it takes.
  public let values: Values
  /// The value when the spec says nothing; a spec string where the value is a codec.
  public let defaultValue: String
  /// What it does: a phrase for `rdbench codecs`.
  public let help: String

  /// Describes a parameter.
  public init(_ name: String, _ values: Values, default defaultValue: String, help: String) {
    self.name = name
    self.values = values
    self.defaultValue = defaultValue
    self.help = help
  }

  /// A parameter that is `true` or `false`.
  public static func flag(_ name: String, default defaultValue: Bool, help: String) -> Self {
    Self(name, .choice(["true", "false"]), default: "\(defaultValue)", help: help)
  }

  /// The accepted values in words.
  public var valuesSummary: String {
    switch values {
    case .choice(let words): words.joined(separator: "|")
    case .integer(let range): "\(range.lowerBound)…\(range.upperBound)"
    case .number(let range):
      "\(formatNumber(range.lowerBound))…\(formatNumber(range.upperBound))"
    case .codec(let alternatives): (["CODEC"] + alternatives).joined(separator: "|")
    }
  }

  /// The one spelling of an accepted value, so that `04` and `4` name the same configuration.
  func canonical(_ text: String) -> String? {
    switch values {
    case .choice(let words):
      words.contains(text) ? text : nil
    case .integer(let range):
      Int(text).flatMap { range.contains($0) ? "\($0)" : nil }
    case .number(let range):
      Double(text).flatMap { range.contains($0) ? formatNumber($0) : nil }
    case .codec(let alternatives):
      // What names a codec is checked by the registry.
      alternatives.contains(text) ? text : nil
    }
  }
}

/// Every parameter of a configured codec with its value.
public struct CodecParameters: Sendable, Hashable {
  /// Every declared parameter with its value, in canonical spelling.
  public let values: [String: String]

  /// Wraps values that have been checked.
  init(checked values: [String: String]) {
    self.values = values
  }

  /// Parameters of a codec that has none.
  public static let none = CodecParameters(checked: [:])

  /// The value of a declared parameter.
  ///
  /// - Precondition: the codec's provider declares `name`.
  public subscript(name: String) -> String {
    guard let value = values[name] else { preconditionFailure("\(name) is not declared") }
    return value
  }

  /// Whether a declared flag is on.
  public func isOn(_ name: String) -> Bool { self[name] == "true" }

  /// All of them, sorted by name.
  public var sorted: [(name: String, value: String)] {
    values.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
  }

  /// All of them as in the `parameters` column: `key=value;…`, sorted by key.
  public var canonical: String {
    sorted.map { "\($0.name)=\($0.value)" }.joined(separator: ";")
  }
}
