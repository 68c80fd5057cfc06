import Foundation
import StrictJSON

/// A file of named tensors in the safetensors format, read strictly.
///
/// The format: eight bytes with the length of the header (little-endian), the header in JSON, then
/// the tensors' bytes. Refused are a header above ``maximumHeaderSize`` or that does not begin with
/// a brace, duplicate keys, unknown element types, shapes that do not fit the bytes, and tensors
/// that overlap or leave bytes uncovered. Source: huggingface/safetensors, "Format".
///
/// The file stays memory-mapped: only the tensors that are read take memory.
public struct SafeTensors: Sendable {
  /// How the elements of a tensor are stored.
  public enum ElementType: String, Sendable, CaseIterable {
    /// 16-bit IEEE floats.
    case float16 = "F16"
    /// 16-bit brain floats.
    case bfloat16 = "BF16"
    /// 32-bit IEEE floats.
    case float32 = "F32"
    /// 16-bit whole numbers with sign.
    case int16 = "I16"
    /// 32-bit whole numbers with sign.
    case int32 = "I32"

    /// Bytes per element.
    public var size: Int {
      switch self {
      case .float16, .bfloat16, .int16: 2
      case .float32, .int32: 4
      }
    }

    /// The types that are no whole numbers.
    public static let floats: [ElementType] = [.float16, .bfloat16, .float32]
  }

  /// Where a tensor lies.
  public struct Entry: Sendable, Equatable {
    /// How its elements are stored.
    public let elementType: ElementType
    /// Its extents, outermost first.
    public let shape: [Int]
    /// Its bytes, counted from the end of the header.
    public let range: Range<Int>
  }

  /// The longest header that is read: 16 MiB, of the format's own limit of 100 MB.
  public static let maximumHeaderSize = 16 << 20

  /// What the file is called in errors.
  public let name: String
  /// The free text of the header's `__metadata__`.
  public let metadata: [String: String]
  /// The tensors by name.
  public let entries: [String: Entry]
  private let data: Data
  private let dataStart: Int

  /// Opens a file.
  ///
  /// - Throws: ``NeuralNetworkError`` of kind `inaccessibleFile` or `malformedFile`.
  public init(contentsOf url: URL) throws(NeuralNetworkError) {
    try self.init(try mappedFile(url), name: url.lastPathComponent)
  }

  /// Reads a file's bytes.
  ///
  /// - Parameters:
  ///   - data: the bytes, which may be memory-mapped.
  ///   - name: what the file is called in errors.
  /// - Throws: ``NeuralNetworkError`` of kind `malformedFile`.
  public init(_ data: Data, name: String) throws(NeuralNetworkError) {
    func malformed(_ message: String) -> NeuralNetworkError {
      NeuralNetworkError(.malformedFile, "\(name) is no valid safetensors file: \(message)")
    }
    guard data.count >= 8 else { throw malformed("it is shorter than its header's length") }
    let start = data.startIndex
    let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(data[start + $1]) << UInt64(8 * $1) }
    guard length <= Self.maximumHeaderSize else {
      throw malformed("its header claims \(length) bytes, more than \(Self.maximumHeaderSize)")
    }
    let headerEnd = 8 + Int(length)
    guard headerEnd <= data.count else { throw malformed("its header is cut off") }
    let header = data[start + 8..<start + headerEnd]
    guard header.first == UInt8(ascii: "{") else { throw malformed("its header is no object") }
    let members: [String: JSONValue]
    do throws(JSONError) {
      guard case .object(let object) = try JSONValue(header) else {
        throw JSONError(offset: 0, message: "no object")
      }
      members = object
    } catch {
      throw malformed("its header has \(error.message) at byte \(error.offset)")
    }
    do throws(HeaderError) {
      (metadata, entries) = try Self.parse(members, dataSize: data.count - headerEnd)
    } catch {
      throw malformed(error.message)
    }
    self.name = name
    self.data = data
    dataStart = start + headerEnd
  }

  /// Reads a tensor as 32-bit floats; 16-bit elements widen without loss.
  ///
  /// - Parameters:
  ///   - tensorName: the tensor's name.
  ///   - shape: the extents that it must have.
  /// - Throws: ``NeuralNetworkError`` of kind `wrongTensor` when it is missing or of another shape.
  public func tensor(_ tensorName: String, shape: [Int]) throws(NeuralNetworkError) -> Tensor {
    let entry = try entry(tensorName, shape: shape, types: ElementType.floats)
    return Tensor(shape: shape, elements: Self.floats(bytes(of: entry), entry.elementType))
  }

  /// Reads a tensor of whole numbers.
  ///
  /// - Parameters:
  ///   - tensorName: the tensor's name.
  ///   - shape: the extents that it must have.
  ///   - type: how many bits its elements must have.
  /// - Returns: the elements, row by row.
  /// - Throws: ``NeuralNetworkError`` of kind `wrongTensor` when it is missing, of another shape or of
  ///   another type.
  public func integers<Integer: FixedWidthInteger & SignedInteger>(
    _ tensorName: String, shape: [Int], as type: Integer.Type
  ) throws(NeuralNetworkError) -> [Integer] {
    let entry = try entry(
      tensorName, shape: shape, types: [Integer.bitWidth == 16 ? .int16 : .int32])
    let bytes = bytes(of: entry)
    return unsafe bytes.withUnsafeBytes { raw in
      (0..<raw.count / MemoryLayout<Integer>.size).map { index in
        Integer(
          littleEndian: unsafe raw.loadUnaligned(
            fromByteOffset: index * MemoryLayout<Integer>.size, as: Integer.self))
      }
    }
  }

  private func entry(
    _ tensorName: String, shape: [Int], types: [ElementType]
  ) throws(NeuralNetworkError) -> Entry {
    guard let entry = entries[tensorName] else {
      throw NeuralNetworkError(.wrongTensor, "\(name) has no tensor \(tensorName)")
    }
    guard entry.shape == shape else {
      throw NeuralNetworkError(
        .wrongTensor, "\(tensorName) in \(name) has the shape \(entry.shape), not \(shape)")
    }
    guard types.contains(entry.elementType) else {
      throw NeuralNetworkError(
        .wrongTensor,
        "\(tensorName) in \(name) has the type \(entry.elementType.rawValue), not "
          + types.map(\.rawValue).joined(separator: " or "))
    }
    return entry
  }

  private func bytes(of entry: Entry) -> Data {
    data[dataStart + entry.range.lowerBound..<dataStart + entry.range.upperBound]
  }

  private static func floats(_ bytes: Data, _ type: ElementType) -> [Float] {
    let count = bytes.count / type.size
    return unsafe bytes.withUnsafeBytes { raw in
      unsafe [Float](unsafeUninitializedCapacity: count) { buffer, initializedCount in
        for index in 0..<count {
          let value: Float
          switch type {
          case .float32:
            let bits = unsafe raw.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
            value = Float(bitPattern: UInt32(littleEndian: bits))
          case .bfloat16:
            let bits = unsafe raw.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
            value = Float(bitPattern: UInt32(UInt16(littleEndian: bits)) << 16)
          case .float16:
            let bits = unsafe raw.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
            value = widenedHalf(UInt16(littleEndian: bits))
          case .int16, .int32:
            preconditionFailure("whole numbers are read by integers(_:shape:as:)")
          }
          unsafe buffer[index] = value
        }
        initializedCount = count
      }
    }
  }
}

/// The bytes of a file, read from the disk only where they are used.
///
/// - Throws: ``NeuralNetworkError`` of kind `inaccessibleFile`.
package func mappedFile(_ url: URL) throws(NeuralNetworkError) -> Data {
  do {
    return try Data(contentsOf: url, options: .alwaysMapped)
  } catch {
    throw NeuralNetworkError(.inaccessibleFile, "\(url.lastPathComponent) cannot be read")
  }
}

/// The value of a 16-bit IEEE float; `Float16` is not there on every platform that Swift runs on.
func widenedHalf(_ half: UInt16) -> Float {
  let sign = UInt32(half & 0x8000) << 16
  let exponent = UInt32(half >> 10 & 0x1F)
  let fraction = UInt32(half & 0x3FF)
  switch exponent {
  case 0:
    let magnitude = Float(fraction) * Float(sign: .plus, exponent: -24, significand: 1)
    return sign == 0 ? magnitude : -magnitude
  case 0x1F: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
  default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
  }
}
