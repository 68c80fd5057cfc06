import Foundation
import Imaging
import Testing

@testable import ImageMetrics

/// Two pictures and what the reference packages say about them.
struct Fixture: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  let reference: Image
  let distorted: Image
  /// FNV-1a of the two pictures' samples, as the generator made them.
  let checksums: [UInt64]
  /// Expected figures by column name; `nil` where the picture is too small.
  let expected: [String: Double?]

  var testDescription: String { name }

  private enum Key: String, CodingKey {
    case name, width, height, channels, reference, distorted, checksums, expected
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let width = try container.decode(Int.self, forKey: .width)
    let height = try container.decode(Int.self, forKey: .height)
    let channels = try container.decode(Int.self, forKey: .channels)
    func image(_ key: Key) throws -> Image {
      try container.decode(PictureRecipe.self, forKey: key)
        .image(width: width, height: height, channels: channels)
    }
    name = try container.decode(String.self, forKey: .name)
    reference = try image(.reference)
    distorted = try image(.distorted)
    checksums = try container.decode([String].self, forKey: .checksums)
      .compactMap { UInt64($0, radix: 16) }
    expected = try container.decode([String: Double?].self, forKey: .expected)
  }

  /// The cases of the file that `Scripts/fixtures/metrics.py` writes.
  static let all: [Fixture] = {
    do {
      let url = try #require(
        Bundle.module.url(forResource: "metrics", withExtension: "json", subdirectory: "Fixtures"))
      let decoder = JSONDecoder()
      decoder.nonConformingFloatDecodingStrategy = .convertFromString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      return try decoder.decode(FixtureFile.self, from: Data(contentsOf: url)).cases
    } catch {
      Issue.record(error)
      return []
    }
  }()
}

private struct FixtureFile: Decodable {
  let cases: [Fixture]
}

@Suite struct ReferenceValueTests {
  @Test func theFileHasTheSizesThatMatter() {
    let sizes = Set(Fixture.all.map { "\($0.reference.width)x\($0.reference.height)" })
    for size in ["1x1", "10x10", "11x11", "160x161", "161x161", "177x201"] {
      #expect(sizes.contains(size))
    }
  }

  @Test(arguments: Fixture.all)
  func scoresAgreeWithReferencePackages(_ fixture: Fixture) throws {
    try #require(
      [fixture.reference, fixture.distorted].map { checksum($0.samples) } == fixture.checksums,
      "the pictures are not those that the generator made")
    let scores = try MetricSuite().prepare(fixture.reference).scores(of: fixture.distorted)
    #expect(Set(fixture.expected.keys) == Set(MetricID.allCases.map(\.rawValue)))
    for metric in MetricID.allCases {
      guard let expected = fixture.expected[metric.rawValue] ?? nil else {
        #expect(scores[metric] == nil, "\(metric)")
        continue
      }
      let score = try #require(scores[metric], "\(metric)")
      if metric.descriptor.searchScale == .distanceToOne {
        #expect(abs(score - expected) <= 1e-6, "\(metric)")
      } else {
        #expect(score == expected || abs(score - expected) <= 1e-9 * expected, "\(metric)")
      }
    }
  }

  @Test(arguments: Fixture.all)
  func scoresAreSymmetric(_ fixture: Fixture) throws {
    let suite = MetricSuite()
    #expect(
      try suite.prepare(fixture.reference).scores(of: fixture.distorted)
        == suite.prepare(fixture.distorted).scores(of: fixture.reference))
  }

  @Test(arguments: Fixture.all.filter { $0.reference.colorModel == .gray })
  func greyScoresEqualLumaScores(_ fixture: Fixture) throws {
    let scores = try MetricSuite().prepare(fixture.reference).scores(of: fixture.distorted)
    #expect(scores[.mse] == scores[.mseY])
    #expect(scores[.psnr] == scores[.psnrY])
    #expect(scores[.ssim] == scores[.ssimY])
    #expect(scores[.msSSIM] == scores[.msSSIMY])
  }

  @Test(arguments: Fixture.all)
  func aSmallerSuiteGivesTheSameNumbers(_ fixture: Fixture) throws {
    let all = try MetricSuite().prepare(fixture.reference).scores(of: fixture.distorted)
    for metric in MetricID.allCases {
      let alone = try MetricSuite([metric]).prepare(fixture.reference).scores(of: fixture.distorted)
      #expect(alone[metric] == all[metric], "\(metric)")
    }
  }
}
