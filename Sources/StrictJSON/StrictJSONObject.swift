/// An error that can say what is wrong with a JSON text.
package protocol StrictJSONFailure: Error {
  /// Makes the error from one sentence without a full stop, which names the text.
  init(malformedJSON message: String)
}

/// The members of a JSON object, handed out one by one so that none is left over unseen.
///
/// Every problem has one sentence, `SUBJECT cannot be used: PROBLEM`, in the reader's own error.
package struct StrictJSONObject<Failure: StrictJSONFailure> {
  /// What the object is called in errors.
  private let subject: String
  private var members: [String: JSONValue]
  /// The keys that were asked for, which an unknown one may have been meant to be.
  private var known: [String] = []

  /// Reads a text that is one object.
  ///
  /// - Parameters:
  ///   - json: UTF-8 JSON.
  ///   - subject: what the object is called in errors.
  package init(json: some Sequence<UInt8>, subject: String) throws(Failure) {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(json)
    } catch {
      throw Self.failure(subject, "it has \(error.message) at byte \(error.offset)")
    }
    try self.init(value, subject: subject)
  }

  /// Takes the members of a value, which must be an object.
  package init(_ value: JSONValue, subject: String) throws(Failure) {
    guard case .object(let members) = value else {
      throw Self.failure(subject, "it is no object")
    }
    self.subject = subject
    self.members = members
  }

  /// Throws a problem of the object unless a condition holds.
  package func require(
    _ condition: Bool, _ message: @autoclosure () -> String
  ) throws(Failure) {
    guard condition else { throw failure(message()) }
  }

  /// Whether there is a key that need not be there.
  package mutating func contains(_ key: String) -> Bool {
    known.append(key)
    return members[key] != nil
  }

  /// Passes over a value, which must be there.
  package mutating func skip(_ key: String) throws(Failure) {
    _ = try take(key)
  }

  /// Takes a string.
  package mutating func string(_ key: String) throws(Failure) -> String {
    guard case .string(let text) = try take(key) else { throw failure("\(key) is no string") }
    return text
  }

  /// Takes a string, or `nil` for `null`.
  package mutating func stringOrNull(_ key: String) throws(Failure) -> String? {
    if case .null? = members[key] {
      try skip(key)
      return nil
    }
    return try string(key)
  }

  /// Takes `true` or `false`.
  package mutating func boolean(_ key: String) throws(Failure) -> Bool {
    guard case .boolean(let value) = try take(key) else {
      throw failure("\(key) is neither true nor false")
    }
    return value
  }

  /// Takes a list.
  package mutating func list(_ key: String) throws(Failure) -> [JSONValue] {
    guard case .array(let values) = try take(key) else { throw failure("\(key) is no list") }
    return values
  }

  /// Takes an object, whose errors name it with this one.
  package mutating func object(_ key: String) throws(Failure) -> StrictJSONObject {
    try StrictJSONObject(try take(key), subject: "\(key) of \(subject)")
  }

  /// Takes a number, or `nil` for `null`.
  package mutating func numberOrNull(_ key: String) throws(Failure) -> Double? {
    if case .null? = members[key] {
      try skip(key)
      return nil
    }
    return try number(key)
  }

  /// Takes a number.
  package mutating func number(_ key: String) throws(Failure) -> Double {
    switch try take(key) {
    case .number(let number): return number
    case .integer(let integer): return Double(integer)
    default: throw failure("\(key) is no number")
    }
  }

  /// Takes a whole number of a range.
  package mutating func integer(
    _ key: String, in range: ClosedRange<Int>
  ) throws(Failure) -> Int {
    try integer(key, try take(key), in: range)
  }

  /// Takes a list of whole numbers.
  ///
  /// - Parameters:
  ///   - key: the key.
  ///   - counts: how many there may be.
  ///   - range: the values that each may have.
  package mutating func integers(
    _ key: String, counts: ClosedRange<Int>, in range: ClosedRange<Int>
  ) throws(Failure) -> [Int] {
    guard case .array(let values) = try take(key), counts.contains(values.count) else {
      throw failure("\(key) is no list of \(counts.lowerBound) to \(counts.upperBound) numbers")
    }
    var integers: [Int] = []
    for value in values { integers.append(try integer(key, value, in: range)) }
    return integers
  }

  /// Takes a string that is the raw value of one of some choices.
  package mutating func choice<Choice: RawRepresentable<String>>(
    _ key: String, _ choices: [Choice]
  ) throws(Failure) -> Choice {
    let text = try string(key)
    guard let choice = choices.first(where: { $0.rawValue == text }) else {
      let known = choices.map(\.rawValue).joined(separator: ", ")
      throw failure("\(key) is \(text), not one of \(known)")
    }
    return choice
  }

  /// Throws when a member was not taken.
  package func finish() throws(Failure) {
    let unknown = members.keys.sorted()
    guard let first = unknown.first else { return }
    let hint = unknown.count == 1 ? didYouMean(first, in: known) : ""
    throw failure("it has the unknown keys \(unknown.joined(separator: ", "))\(hint)")
  }

  private mutating func take(_ key: String) throws(Failure) -> JSONValue {
    known.append(key)
    guard let value = members.removeValue(forKey: key) else { throw failure("\(key) is missing") }
    return value
  }

  private func integer(
    _ key: String, _ value: JSONValue, in range: ClosedRange<Int>
  ) throws(Failure) -> Int {
    guard case .integer(let integer) = value, range.contains(integer) else {
      throw failure("\(key) is no whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return integer
  }

  private func failure(_ message: String) -> Failure {
    Self.failure(subject, message)
  }

  private static func failure(_ subject: String, _ message: String) -> Failure {
    Failure(malformedJSON: "\(subject) cannot be used: \(message)")
  }
}
