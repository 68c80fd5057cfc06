import Foundation

/// Reads a value from JSON, after a check that the text is strict JSON: no key may stand twice.
///
/// Types that are to refuse unknown keys read theirs from ``Swift/Decoder/strictContainer(keyedBy:)``.
///
/// - Throws: ``StrictDecodingError`` with what is wrong and where.
package func decodeStrictly<Value: Decodable>(
  _ type: Value.Type, from data: Data
) throws(StrictDecodingError) -> Value {
  do throws(JSONError) {
    _ = try JSONValue(data)
  } catch {
    throw StrictDecodingError(
      problem: "The given data was not valid JSON: \(error.message) at byte \(error.offset)")
  }
  do {
    return try JSONDecoder().decode(type, from: data)
  } catch let error as DecodingError {
    throw StrictDecodingError(problem: error.problem)
  } catch {
    throw StrictDecodingError(problem: "\(error)")
  }
}

/// Why a text is not the JSON that was asked for.
package struct StrictDecodingError: Error, Equatable {
  /// What is wrong and where, as in `encode.command[2]: a value of type String is needed`.
  package let problem: String
}

extension Decoder {
  /// The keyed container, after a check that it has no key but those of `Key`.
  package func strictContainer<Key: CodingKey & CaseIterable>(
    keyedBy keyType: Key.Type
  ) throws -> KeyedDecodingContainer<Key> {
    let known = Key.allCases.map(\.stringValue)
    let found = try container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
    if let unknown = found.filter({ !known.contains($0) }).min() {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: codingPath,
          debugDescription: "there is no key \(unknown)\(didYouMean(unknown, in: known))"))
    }
    return try container(keyedBy: keyType)
  }
}

/// Any key at all, to list those that are there.
private struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension DecodingError {
  /// What is wrong and where.
  fileprivate var problem: String {
    switch self {
    case .keyNotFound(let key, let context):
      return Self.at(context, "\(key.stringValue) is missing")
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      return Self.at(context, "a value of type \(type) is needed")
    case .dataCorrupted(let context):
      return Self.at(context, context.debugDescription)
    @unknown default:
      return "\(self)"
    }
  }

  private static func at(_ context: Context, _ problem: String) -> String {
    var place = ""
    for key in context.codingPath {
      if let index = key.intValue {
        place += "[\(index)]"
      } else {
        place += place.isEmpty ? key.stringValue : ".\(key.stringValue)"
      }
    }
    return place.isEmpty ? problem : "\(place): \(problem)"
  }
}
