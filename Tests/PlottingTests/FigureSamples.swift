import Foundation
import RateDistortion
import Testing

@testable import Plotting

/// Sweeps like those of a small set: rates and scores of an image follow from its difficulty.
enum FigureSamples {
  static let images = ["a.png", "b.png", "folder/c.png", "d.png"]

  static func sweep(_ codec: String, efficiency: Double) throws -> Sweep {
    try Sweep(
      key: CurveKey(codec: codec, dataset: "tiny"),
      measurements: images.enumerated().flatMap { number, image in
        (0..<5).map { setting in
          SweepMeasurement(
            image: image, pixelCount: 100, quality: Double(setting * 20),
            outcome: .scored(
              BitsPerPixel(0.125 * Double(1 << setting) * Double(number + 4) / 4),
              column: 25.5 + 3.25 * Double(setting) - 0.75 * Double(number)
                + efficiency * Double(setting + 2 + number % 2) / 4))
        }
      })
  }

  static func measure(_ id: String) throws -> QualityMeasure {
    try #require(QualityMeasure.all.first { $0.id == id })
  }

  /// Two codecs with bands over a logarithmic rate, and a published curve.
  static func rates() throws -> Chart {
    let psnr = try measure("psnr_db")
    let sweeps = [try sweep("jpeg", efficiency: 0), try sweep("webp_x", efficiency: 1.5)]
    var curves = sweeps.enumerated().map { index, sweep in
      FigureCurve(
        curve: sweep.meanCurve(over: images, measure: psnr), label: sweep.key.codec,
        style: CurveStyle(index: index),
        band: QualityBand(of: sweep, over: images, measure: psnr))
    }
    let published = [(0.2, 29.0), (0.8, 36.0)].map {
      RatePoint(rate: BitsPerPixel($0.0), score: Score($0.1), imageCount: 0)
    }
    curves.append(
      FigureCurve(
        curve: RateCurve(key: CurveKey(codec: "theirs"), points: published, imageCount: 0),
        label: "Ballé & al.", style: CurveStyle(index: 2), remark: "published, estimated rate"))
    return RateFigure(
      measure: psnr, curves: curves, rates: RateRange(isLogarithmic: true)
    ).chart
  }

  /// What one codec saves against the other.
  static func savings() throws -> Chart {
    let psnr = try measure("psnr_db")
    let savings = try SavingsCurve(
      of: try sweep("webp_x", efficiency: 1.5), against: try sweep("jpeg", efficiency: 0),
      measure: psnr)
    return SavingsFigure(
      measure: psnr, anchorLabel: "jpeg",
      curves: [SavingsFigure.Curve(savings: savings, label: "webp_x", style: CurveStyle(index: 1))]
    ).chart
  }

  /// A panel for each image.
  static func panels() throws -> Chart {
    let psnr = try measure("psnr_db")
    let sweeps = [try sweep("jpeg", efficiency: 0), try sweep("webp_x", efficiency: 1.5)]
    return ImagesFigure(
      measure: psnr,
      panels: images.map { image in
        ImagesFigure.Panel(
          image: image,
          curves: sweeps.enumerated().map { index, sweep in
            FigureCurve(
              curve: sweep.curve(of: image, measure: psnr), label: sweep.key.codec,
              style: CurveStyle(index: index))
          })
      }
    ).chart
  }
}

/// Texts that are committed beside the tests.
enum Golden {
  /// Compares with a committed file; with `RDBENCH_RECORD=1` writes the file instead and fails.
  static func expect(
    _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures").appendingPathComponent(name)
    if ProcessInfo.processInfo.environment["RDBENCH_RECORD"] == "1" {
      try Data(text.utf8).write(to: file)
      Issue.record("recorded \(name); look at it, then run without RDBENCH_RECORD")
      return
    }
    let golden = try String(contentsOf: file, encoding: .utf8)
    #expect(
      text == golden, "\(name) differs; RDBENCH_RECORD=1 records it",
      sourceLocation: sourceLocation)
  }
}
