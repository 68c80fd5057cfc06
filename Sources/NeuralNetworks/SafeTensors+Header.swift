import StrictJSON

/// What is wrong with the header, in a phrase.
struct HeaderError: Error {
  let message: String
}

extension SafeTensors {
  /// Checks the members of the header against the number of bytes behind it.
  static func parse(
    _ members: [String: JSONValue], dataSize: Int
  ) throws(HeaderError) -> (metadata: [String: String], entries: [String: Entry]) {
    var metadata: [String: String] = [:]
    var entries: [String: Entry] = [:]
    for (key, value) in members.sorted(by: { $0.key < $1.key }) {
      guard case .object(let fields) = value else {
        throw HeaderError(message: "\(key) is no object")
      }
      guard key == "__metadata__" else {
        entries[key] = try entry(key, fields, dataSize: dataSize)
        continue
      }
      for (name, value) in fields {
        guard case .string(let text) = value else {
          throw HeaderError(message: "the metadata \(name) is no string")
        }
        metadata[name] = text
      }
    }
    try checkCoverage(entries, dataSize: dataSize)
    return (metadata, entries)
  }

  private static func entry(
    _ name: String, _ fields: [String: JSONValue], dataSize: Int
  ) throws(HeaderError) -> Entry {
    guard Set(fields.keys) == ["dtype", "shape", "data_offsets"] else {
      throw HeaderError(message: "\(name) needs dtype, shape and data_offsets and nothing else")
    }
    guard case .string(let typeName)? = fields["dtype"] else {
      throw HeaderError(message: "the type of \(name) is no string")
    }
    guard let type = ElementType(rawValue: typeName) else {
      let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
      throw HeaderError(message: "\(name) has the type \(typeName), not one of \(known)")
    }
    let shape = try integers(fields["shape"], "the shape of \(name)")
    let offsets = try integers(fields["data_offsets"], "the offsets of \(name)")
    guard offsets.count == 2, offsets[0] <= offsets[1], offsets[1] <= dataSize else {
      throw HeaderError(message: "the offsets of \(name) lie outside the file")
    }
    var size = type.size
    for extent in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw HeaderError(message: "the shape of \(name) is too large") }
      size = product
    }
    guard size == offsets[1] - offsets[0] else {
      throw HeaderError(
        message: "\(name) of shape \(shape) needs \(size) bytes and has \(offsets[1] - offsets[0])")
    }
    return Entry(elementType: type, shape: shape, range: offsets[0]..<offsets[1])
  }

  private static func integers(_ value: JSONValue?, _ what: String) throws(HeaderError) -> [Int] {
    guard case .array(let elements)? = value else {
      throw HeaderError(message: "\(what) is no list")
    }
    var integers: [Int] = []
    for element in elements {
      guard case .integer(let integer) = element, integer >= 0 else {
        throw HeaderError(message: "\(what) holds something other than whole numbers from 0")
      }
      integers.append(integer)
    }
    return integers
  }

  /// Checks that the tensors cover all the bytes, each once.
  private static func checkCoverage(
    _ entries: [String: Entry], dataSize: Int
  ) throws(HeaderError) {
    var end = 0
    let ordered = entries.sorted {
      ($0.value.range.lowerBound, $0.value.range.upperBound, $0.key)
        < ($1.value.range.lowerBound, $1.value.range.upperBound, $1.key)
    }
    for (name, entry) in ordered {
      guard entry.range.lowerBound >= end else {
        throw HeaderError(message: "\(name) overlaps another tensor")
      }
      guard entry.range.lowerBound == end else {
        throw HeaderError(message: "the bytes before \(name) belong to no tensor")
      }
      end = entry.range.upperBound
    }
    guard end == dataSize else {
      throw HeaderError(message: "\(dataSize - end) bytes at the end belong to no tensor")
    }
  }
}
