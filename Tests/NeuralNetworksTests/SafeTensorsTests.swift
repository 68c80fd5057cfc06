import Foundation
import NeuralNetworks
import Testing

@Suite struct SafeTensorsTests {
  /// A file with this header and as many bytes behind it.
  private func file(_ header: String, byteCount: Int = 0, claimedLength: UInt64? = nil) -> Data {
    let text = Data(header.utf8)
    let length = claimedLength ?? UInt64(text.count)
    return Data((0..<8).map { UInt8(truncatingIfNeeded: length >> UInt64(8 * $0)) }) + text
      + Data((0..<byteCount).map { UInt8(truncatingIfNeeded: $0) })
  }

  private func expectRefusal(
    _ data: Data, _ reason: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(sourceLocation: sourceLocation) {
      try SafeTensors(data, name: "model.safetensors")
    } throws: { error in
      guard let error = error as? NeuralNetworkError else { return false }
      return error.kind == .malformedFile && error.message.contains(reason)
        && error.message.contains("model.safetensors")
    }
  }

  private static let valid =
    #"{"__metadata__":{"format":"pt"},"a":{"dtype":"F16","shape":[2,1],"data_offsets":[0,4]},"#
    + #""b":{"dtype":"F32","shape":[],"data_offsets":[4,8]},"#
    + #""c":{"dtype":"BF16","shape":[0],"data_offsets":[8,8]}}   "#

  @Test func readsTensorsOfEveryType() throws {
    var data = file(Self.valid)
    data += Data([0x00, 0x3C, 0x01, 0x80])  // 1 and the smallest negative half
    data += Data([0x00, 0x00, 0x20, 0xC0])  // −2.5
    let file = try SafeTensors(data, name: "model.safetensors")
    #expect(file.metadata == ["format": "pt"])
    #expect(try file.tensor("a", shape: [2, 1]).elements == [1, -0x1p-24])
    #expect(try file.tensor("b", shape: []).elements == [-2.5])
    #expect(try file.tensor("c", shape: [0]).elements == [])
  }

  @Test func everyHalfWidensExactly() throws {
    let header = #"{"a":{"dtype":"F16","shape":[65536],"data_offsets":[0,131072]}}"#
    let halves = (0...UInt16.max).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let tensor = try SafeTensors(file(header) + Data(halves), name: "halves")
      .tensor("a", shape: [65536])
    for (bits, value) in tensor.elements.enumerated() {
      let (exponent, fraction) = (bits >> 10 & 31, Float(bits & 1023))
      let sign: Float = bits >> 15 == 0 ? 1 : -1
      switch exponent {
      case 0: #expect(value == sign * fraction * 0x1p-24)
      case 31: #expect(fraction == 0 ? value == sign * .infinity : value.isNaN)
      default:
        let unit = Float(sign: .plus, exponent: exponent - 25, significand: 1)
        #expect(value == sign * (1024 + fraction) * unit)
      }
    }
  }

  @Test func aMappedFileReadsAsItsBytesDo() throws {
    let url = FileManager.default.temporaryDirectory
      .appending(path: "\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    try file(Self.valid, byteCount: 8).write(to: url)
    let fromMemory = try SafeTensors(file(Self.valid, byteCount: 8), name: "memory")
    #expect(
      try SafeTensors(contentsOf: url).tensor("b", shape: [])
        == fromMemory.tensor("b", shape: []))
    #expect {
      try SafeTensors(contentsOf: URL(filePath: "/nowhere/model.safetensors"))
    } throws: { ($0 as? NeuralNetworkError)?.kind == .inaccessibleFile }
  }

  @Test(
    arguments: [
      (#"[]"#, 0, "no object"),
      (#" {}"#, 0, "no object"),
      (#"{"a":1}"#, 0, "a is no object"),
      (#"{} x"#, 0, "text after the document"),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
          + #""a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4, "the key a twice"
      ),
      (#"{"__metadata__":{"x":1}}"#, 0, "metadata x is no string"),
      (#"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#, 8, "type F64"),
      (#"{"a":{"dtype":"F32","shape":[1]}}"#, 4, "needs dtype"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":0}}"#, 4, "nothing else"),
      (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4, "whole numbers"),
      (#"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#, 4, "whole numbers"),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, "needs 8 bytes"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4, "outside the file"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 3, "outside the file"),
      (
        #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#, 4,
        "too large"
      ),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8, "belong to no tensor"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 6, "2 bytes at the end"),
      (
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
          + #""b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#, 12, "overlaps"
      ),
    ] as [(String, Int, String)])
  func refuses(header: String, byteCount: Int, reason: String) {
    expectRefusal(file(header, byteCount: byteCount), reason)
  }

  @Test func refusesImpossibleHeaderLengths() {
    expectRefusal(Data([1, 2, 3]), "shorter")
    expectRefusal(file("{}", claimedLength: 3), "cut off")
    expectRefusal(file("{}", claimedLength: .max), "claims")
    expectRefusal(file("", claimedLength: 0), "no object")
    let nested = String(repeating: #"{"a":"#, count: 10_000)
    expectRefusal(file(nested), "nested too deeply")
  }

  @Test func truncatedAndFlippedHeadersNeverTrap() {
    let data = file(Self.valid, byteCount: 8)
    for length in 0..<data.count {
      #expect(throws: NeuralNetworkError.self) {
        try SafeTensors(data.prefix(length), name: "cut")
      }
    }
    for index in data.indices {
      for bit in 0..<8 {
        var flipped = data
        flipped[index] ^= 1 << bit
        _ = try? SafeTensors(flipped, name: "flipped")
      }
    }
  }

  @Test func readerNamesMissingWrongAndUnusedTensors() throws {
    let read = try SafeTensors(file(Self.valid, byteCount: 8), name: "model.safetensors")
    func message(_ body: () throws -> Void) -> String {
      do { try body() } catch { return (error as? NeuralNetworkError)?.message ?? "" }
      return ""
    }
    var reader = WeightReader(read)
    #expect(
      message { _ = try reader.tensor("analysis.conv1.weight", shape: [1]) }
        == "model.safetensors has no tensor analysis.conv1.weight")
    #expect(
      message { _ = try reader.tensor("a", shape: [1, 2]) }
        == "a in model.safetensors has the shape [2, 1], not [1, 2]")
    _ = try reader.tensor("a", shape: [2, 1])
    #expect(message { try reader.finish() }.hasSuffix("does not use: b, c"))
    let infinite =
      file(Self.valid)
      + Data([0x00, 0x7C, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00])
    var finite = WeightReader(try SafeTensors(infinite, name: "model.safetensors"))
    #expect(
      message { _ = try finite.tensor("a", shape: [2, 1]) }
        .hasSuffix("infinite or no number"))
    var typed = WeightReader(read, elementType: .bfloat16)
    #expect(
      message { _ = try typed.tensor("a", shape: [2, 1]) }
        == "a in model.safetensors has the type F16, not BF16")
  }
}
