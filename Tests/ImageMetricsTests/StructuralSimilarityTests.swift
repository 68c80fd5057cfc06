import CImageMetrics
import Foundation
import Imaging
import Testing

@testable import ImageMetrics

@Suite struct StructuralSimilarityTests {
  /// The levels that this processor can run.
  static let levels = (0...StructuralSimilarity.bestLevel.rawValue).map {
    StructuralSimilarity.Level(rawValue: $0)
  }

  /// Sizes around the strip of 64 values and the vector of 8, in grey and colour.
  static let sizes = [
    (11, 11), (12, 13), (25, 11), (26, 12), (27, 30), (42, 21), (43, 11), (73, 14), (74, 12),
    (75, 13), (139, 17),
  ]

  @Test(arguments: sizes, Image.ColorModel.allCases)
  func everyLevelGivesTheBitsOfTheSwiftReference(
    size: (width: Int, height: Int), colorModel: Image.ColorModel
  ) {
    let pictures = [UInt64(1), 2].map {
      PlaneSet(
        randomImage(width: size.width, height: size.height, colorModel: colorModel, seed: $0))
    }
    for scale in [0, 3] {
      let expected = WindowReference.compare(pictures[0], pictures[1], scale: scale)
      for level in Self.levels {
        let means = StructuralSimilarity.compare(
          pictures[0], pictures[1], scale: scale, level: level)
        #expect(means.similarity == expected.similarity, "level \(level.rawValue)")
        #expect(means.contrast == expected.contrast, "level \(level.rawValue)")
      }
    }
  }

  @Test func everyLevelGivesTheSameScores() throws {
    let reference = randomImage(width: 203, height: 171, colorModel: .rgb, seed: 3)
    let distorted = randomImage(width: 203, height: 171, colorModel: .rgb, seed: 4)
    let prepared = MetricSuite().prepare(reference)
    let expected = try prepared.scores(of: distorted)
    for level in Self.levels {
      #expect(try prepared.scores(of: distorted, level: level) == expected)
    }
  }

  @Test func theWindowIsANormalizedGaussian() {
    let weights = StructuralSimilarity.windowWeights
    #expect(weights.count == 6)
    #expect(abs(weights[0] + 2 * weights.dropFirst().reduce(0, +) - 1) < 1e-15)
    for (k, weight) in weights.enumerated() {
      #expect(abs(weight / weights[0] - exp(-Double(k * k) / 4.5)) < 1e-15)
    }
  }

  @Test func theSmallestMultiScaleSideIs161() {
    #expect(PictureComparison.multiScaleMinimumSide == 161)
    #expect(abs(PictureComparison.multiScaleWeights.reduce(0, +) - 1) < 1e-3)
  }
}

@Suite struct PlaneSetTests {
  @Test func colourPlanesHoldLumaInThousandths() {
    let image = Image(width: 2, height: 1, colorModel: .rgb, samples: [1, 2, 3, 255, 255, 255])
    #expect(PlaneSet(image).values == [1, 2, 3, 1815, 255, 255, 255, 255_000])
  }

  @Test func anOddLastRowAndColumnCountTwice() {
    let image = Image(width: 3, height: 3, colorModel: .gray, samples: [1, 2, 3, 4, 5, 6, 7, 8, 9])
    let halved = PlaneSet(halving: PlaneSet(image))
    #expect(halved.width == 2 && halved.height == 2)
    #expect(halved.values == [12, 18, 30, 36])
  }

  @Test func lumaIsNotRounded() throws {
    let reference = Image(width: 1, height: 1, colorModel: .rgb, samples: [100, 100, 100])
    let distorted = Image(width: 1, height: 1, colorModel: .rgb, samples: [101, 100, 100])
    let scores = try MetricSuite().prepare(reference).scores(of: distorted)
    #expect(scores[.mse] == 1.0 / 3)
    #expect(scores[.mseY] == 0.089401)
  }

  @Test func theLargestSumsAreExact() {
    let black = PlaneSet(constantImage(0, width: 1000, height: 300))
    let white = PlaneSet(constantImage(255, width: 1000, height: 300))
    let samples: UInt64 = 65025 * 300_000
    #expect(black.squaredErrors(to: white) == [samples, samples, samples, samples * 1_000_000])
  }
}

/// Uniform noise.
func randomImage(width: Int, height: Int, colorModel: Image.ColorModel, seed: UInt64) -> Image {
  var state = seed
  let samples = (0..<width * height * colorModel.channelCount).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return UInt8(truncatingIfNeeded: state >> 56)
  }
  return Image(width: width, height: height, colorModel: colorModel, samples: samples)
}
