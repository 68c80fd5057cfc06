import NeuralNetworks

/// The members of a JSON object, handed out one by one so that none is left over unseen.
struct ObjectMembers {
  /// What the object is called in errors.
  private let subject: String
  private var members: [String: JSONValue]

  /// Reads a text that is one object.
  init(json: some Sequence<UInt8>, subject: String) throws(NeuralNetworkError) {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(json)
    } catch {
      throw Self.failure(subject, "it has \(error.message) at byte \(error.offset)")
    }
    try self.init(value, subject: subject)
  }

  init(_ value: JSONValue, subject: String) throws(NeuralNetworkError) {
    guard case .object(let members) = value else {
      throw Self.failure(subject, "it is no object")
    }
    self.subject = subject
    self.members = members
  }

  func require(_ condition: Bool, _ message: @autoclosure () -> String) throws(NeuralNetworkError) {
    guard condition else { throw failure(message()) }
  }

  private func failure(_ message: String) -> NeuralNetworkError {
    Self.failure(subject, message)
  }

  private static func failure(_ subject: String, _ message: String) -> NeuralNetworkError {
    NeuralNetworkError(.malformedFile, "\(subject) cannot be used: \(message)")
  }

  private mutating func take(_ key: String) throws(NeuralNetworkError) -> JSONValue {
    guard let value = members.removeValue(forKey: key) else { throw failure("\(key) is missing") }
    return value
  }

  /// Whether there is a key that need not be there.
  func contains(_ key: String) -> Bool {
    members[key] != nil
  }

  mutating func skip(_ key: String) throws(NeuralNetworkError) {
    _ = try take(key)
  }

  mutating func string(_ key: String) throws(NeuralNetworkError) -> String {
    guard case .string(let text) = try take(key) else { throw failure("\(key) is no string") }
    return text
  }

  mutating func boolean(_ key: String) throws(NeuralNetworkError) -> Bool {
    guard case .boolean(let value) = try take(key) else {
      throw failure("\(key) is neither true nor false")
    }
    return value
  }

  mutating func list(_ key: String) throws(NeuralNetworkError) -> [JSONValue] {
    guard case .array(let values) = try take(key) else { throw failure("\(key) is no list") }
    return values
  }

  mutating func object(_ key: String) throws(NeuralNetworkError) -> ObjectMembers {
    try ObjectMembers(try take(key), subject: "\(key) of \(subject)")
  }

  mutating func numberOrNull(_ key: String) throws(NeuralNetworkError) -> Double? {
    if case .null? = members[key] {
      try skip(key)
      return nil
    }
    return try number(key)
  }

  mutating func number(_ key: String) throws(NeuralNetworkError) -> Double {
    switch try take(key) {
    case .number(let number): return number
    case .integer(let integer): return Double(integer)
    default: throw failure("\(key) is no number")
    }
  }

  mutating func integer(
    _ key: String, in range: ClosedRange<Int>
  ) throws(NeuralNetworkError) -> Int {
    try integer(key, try take(key), in: range)
  }

  private func integer(
    _ key: String, _ value: JSONValue, in range: ClosedRange<Int>
  ) throws(NeuralNetworkError) -> Int {
    guard case .integer(let integer) = value, range.contains(integer) else {
      throw failure("\(key) is no whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return integer
  }

  mutating func channels(
    _ key: String, counts: ClosedRange<Int>
  ) throws(NeuralNetworkError) -> [Int] {
    guard case .array(let values) = try take(key), counts.contains(values.count) else {
      throw failure("\(key) is no list of \(counts.lowerBound) to \(counts.upperBound) numbers")
    }
    var channels: [Int] = []
    for value in values {
      let range = 1...ModelConfiguration.maximumCounts.channels
      channels.append(try integer(key, value, in: range))
    }
    return channels
  }

  mutating func choice<Choice: RawRepresentable<String>>(
    _ key: String, _ choices: [Choice]
  ) throws(NeuralNetworkError) -> Choice {
    let text = try string(key)
    guard let choice = choices.first(where: { $0.rawValue == text }) else {
      let known = choices.map(\.rawValue).joined(separator: ", ")
      throw failure("\(key) is \(text), not one of \(known)")
    }
    return choice
  }

  func finish() throws(NeuralNetworkError) {
    guard members.isEmpty else {
      throw failure("it has the unknown keys \(members.keys.sorted().joined(separator: ", "))")
    }
  }
}
