import TestSupport
import Codecs
import Imaging
import Testing

/// What every codec must do, whatever its format.
@Suite struct ConformanceTests {
  private func codec(_ spec: String) throws -> any Codec {
    try TestRegistry.registry.codec(spec: spec)
  }

  @Test(arguments: TestRegistry.specs)
  func `describes itself completely`(spec: String) throws {
    let descriptor = try codec(spec).descriptor
    let provider = try TestRegistry.registry.provider(id: descriptor.id)
    #expect(!descriptor.libraryVersion.isEmpty && descriptor.libraryVersion != "0.0.0")
    #expect(!descriptor.fileExtension.isEmpty && !descriptor.displayName.isEmpty)
    for parameter in provider.parameters {
      #expect(descriptor.parameters.canonical.contains("\(parameter.name)="))
    }
    guard let scale = descriptor.qualityScale else { return }
    #expect(scale.recommendedSweep.count >= 12)
    #expect(scale.recommendedSweep.allSatisfy(scale.contains))
    #expect(
      zip(scale.recommendedSweep, scale.recommendedSweep.dropFirst()).allSatisfy {
        scale.direction == .higherIsBetter ? $0 < $1 : $0 > $1
      })
  }

  @Test(arguments: TestRegistry.specs)
  func `its spec and canonical parameters make the same codec`(spec: String) throws {
    let codec = try codec(spec)
    let parameters = codec.descriptor.parameters.canonical.replacing(";", with: ":")
    let again = try self.codec(
      parameters.isEmpty ? codec.descriptor.id : "\(codec.descriptor.id):\(parameters)")
    #expect(again.descriptor == codec.descriptor)
  }

  @Test(arguments: TestRegistry.faithfulSpecs, Image.ColorModel.allCases)
  func `a picture comes back at the best quality with little error`(
    spec: String, colorModel: Image.ColorModel
  ) throws {
    let codec = try codec(spec)
    let image = TestPicture.discs(width: 96, height: 80, colorModel: colorModel)
    let decoded = try codec.decode(try codec.encode(image, at: codec.bestQuality).bytes)
    #expect((decoded.width, decoded.height) == (96, 80))
    // A mean squared error of 65 is 30 dB.
    #expect(meanSquaredError(decoded, image) < (codec.sweep == [.fixed] ? 0.000_1 : 65))
  }

  @Test(
    arguments: TestRegistry.specs,
    [(1, 1), (1, 17), (17, 1), (2, 2), (3, 5), (33, 29), (65, 7), (127, 64)])
  func `any size comes back as it was`(spec: String, size: (Int, Int)) throws {
    let codec = try codec(spec)
    for colorModel in Image.ColorModel.allCases {
      let image = TestPicture.discs(width: size.0, height: size.1, colorModel: colorModel)
      for quality in [codec.sweep[0], codec.middleQuality, codec.bestQuality] {
        let decoded = try codec.decode(try codec.encode(image, at: quality).bytes)
        #expect((decoded.width, decoded.height) == size)
        #expect(decoded.colorModel == colorModel || colorModel == .gray)
      }
    }
  }

  @Test(arguments: TestRegistry.specs, Image.ColorModel.allCases)
  func `both ends of the scale work`(spec: String, colorModel: Image.ColorModel) throws {
    let codec = try codec(spec)
    guard let scale = codec.descriptor.qualityScale else { return }
    let image = TestPicture.discs(width: 60, height: 45, colorModel: colorModel)
    for value in [scale.range.lowerBound, scale.range.upperBound] {
      let decoded = try codec.decode(try codec.encode(image, at: .value(value)).bytes)
      #expect((decoded.width, decoded.height) == (60, 45))
    }
  }

  @Test(arguments: TestRegistry.faithfulSpecs)
  func `more quality costs bytes and lowers the error`(spec: String) throws {
    let codec = try codec(spec)
    guard let scale = codec.descriptor.qualityScale else { return }
    let image = TestPicture.discs(width: 192, height: 128)
    let sweep = scale.recommendedSweep
    // Three points far apart: neighbours may change places (CORRECTNESS, trap 15).
    let points = try [sweep[1], sweep[sweep.count / 2], sweep[sweep.count - 1]].map { value in
      let encoded = try codec.encode(image, at: .value(value))
      return (encoded.bytes.count, meanSquaredError(try codec.decode(encoded.bytes), image))
    }
    #expect(points[0].0 < points[1].0 && points[1].0 < points[2].0, "\(points)")
    #expect(points[0].1 > points[1].1 && points[1].1 > points[2].1, "\(points)")
  }

  @Test(arguments: TestRegistry.specs)
  func `qualities off the scale are refused`(spec: String) throws {
    let codec = try codec(spec)
    let image = TestPicture.constant(90, width: 8, height: 8)
    var wrong: [Quality] = [.value(.nan), .value(.infinity), .value(-1), .value(1_000)]
    if codec.descriptor.qualityScale != nil { wrong.append(.fixed) }
    if codec.descriptor.qualityScale?.step == 1 { wrong.append(.value(50.5)) }
    for quality in wrong {
      let error = #expect(throws: CodecError.self) { try codec.encode(image, at: quality) }
      #expect(error?.kind == .invalidQuality && error?.codec == codec.descriptor.id)
    }
  }

  @Test(arguments: TestRegistry.specs)
  func `the same picture gives the same bytes, from several threads too`(
    spec: String
  ) async throws {
    let codec = try codec(spec)
    let images = (0..<8).map { TestPicture.discs(width: 64, height: 48, seed: $0) }
    let expected = try images.map { try codec.encode($0, at: codec.middleQuality) }
    let decoded = try expected.map { try codec.decode($0.bytes) }
    try await withThrowingTaskGroup(of: (Int, EncodedImage, Image).self) { group in
      for (index, image) in images.enumerated() {
        group.addTask {
          let encoded = try codec.encode(image, at: codec.middleQuality)
          return (index, encoded, try codec.decode(encoded.bytes))
        }
      }
      for try await (index, encoded, image) in group {
        #expect(encoded == expected[index] && image == decoded[index])
      }
    }
  }

  @Test(arguments: TestRegistry.specs)
  func `its files are recognised by this codec alone`(spec: String) throws {
    let codec = try codec(spec)
    let image = TestPicture.discs(width: 20, height: 20)
    let bytes = try codec.encode(image, at: codec.middleQuality).bytes
    let matches = TestRegistry.registry.providers.filter { $0.recognizes(bytes) }.map(\.id)
    #expect(matches == [codec.descriptor.id])
  }
}
