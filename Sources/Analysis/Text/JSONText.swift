import Foundation

/// JSON for machines: keys sorted, numbers as short as they read back, `null` for what is not finite.
package enum JSONText {
  /// A value of a JSON object.
  package enum Value: Encodable {
    case bool(Bool)
    case string(String)
    /// A number; `nil` and infinity become `null`, since JSON knows no infinity.
    case number(Double?)
    case integer(Int)
    case list([Value])
    case object([String: Value])

    /// Writes the value.
    package func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .bool(let value): try container.encode(value)
      case .string(let value): try container.encode(value)
      case .number(let value?) where value.isFinite: try container.encode(value)
      case .number: try container.encodeNil()
      case .integer(let value): try container.encode(value)
      case .list(let values): try container.encode(values)
      case .object(let fields): try container.encode(fields)
      }
    }
  }

  /// An object's text.
  package static func object(_ fields: [String: Value]) throws -> String {
    try text(Value.object(fields))
  }

  /// Any value's text.
  package static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
