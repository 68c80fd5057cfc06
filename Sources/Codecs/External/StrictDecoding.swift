extension Decoder {
  /// The keyed container, after a check that it has no key but those of `Key`.
  func strictContainer<Key: CodingKey & CaseIterable>(
    keyedBy keyType: Key.Type
  ) throws -> KeyedDecodingContainer<Key> {
    let known = Key.allCases.map(\.stringValue)
    let found = try container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
    if let unknown = found.filter({ !known.contains($0) }).min() {
      let hint = nearestName(to: unknown, in: known).map { "; did you mean \($0)?" } ?? ""
      throw DecodingError.dataCorrupted(
        .init(codingPath: codingPath, debugDescription: "there is no key \(unknown)\(hint)"))
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
  /// What is wrong and where, as in `encode.command[2]: a value of type String is needed`.
  var problem: String {
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
