import Comparing
import RateDistortion
import Results

extension GateReport {
  /// Everything that is known, for machines.
  var json: JSONText.Value {
    .object([
      "passed": .bool(failures.isEmpty),
      "failures": .list(failures.map { .string($0.rawValue) }),
      "findings": .list(
        ComparisonFinding.allCases.filter(comparison.findings.contains).map {
          .string($0.rawValue)
        }),
      "curves": .list(comparison.curves.map(\.json)),
      "missing_curves": .list(comparison.missingCurves.map(\.json)),
      "added_curves": .list(comparison.addedCurves.map(\.json)),
      "reused_measurements": .integer(comparison.reusedCount),
      "time_obstacle": .text(comparison.timeObstacle),
      "instruction_set_obstacle": .text(comparison.instructionSetObstacle),
      "sentences": .list(sentences.map { .string($0) }),
    ])
  }
}

extension JSONText.Value {
  /// A string, or `null`.
  fileprivate static func text(_ text: String?) -> Self { text.map { .string($0) } ?? .number(nil) }

  fileprivate static func interval(_ interval: ClosedRange<Double>?) -> Self {
    interval.map { .list([.number($0.lowerBound), .number($0.upperBound)]) } ?? .number(nil)
  }

  fileprivate static func figures(_ figures: [ImageFigure]) -> Self {
    .list(figures.map { .object(["image": .string($0.image), "value": .number($0.value)]) })
  }
}

extension CurveKey {
  fileprivate var json: JSONText.Value {
    .object([
      "codec": .string(codec), "parameters": .string(parameters), "dataset": .string(dataset),
    ])
  }
}

extension MeasurementName {
  fileprivate var json: JSONText.Value {
    .object(["image": .string(image), "quality": .number(quality)])
  }
}

extension CurveComparison {
  fileprivate var json: JSONText.Value {
    .object([
      "curve": key.json, "baseline_version": .string(baselineVersion),
      "new_version": .string(newVersion), "compared_measurements": .integer(pairCount),
      "missing_measurements": .list(missing.map(\.json)),
      "added_measurements": .integer(addedCount),
      "new_failures": .list(
        newFailures.map {
          .object([
            "measurement": $0.measurement.json, "status": .string($0.status.rawValue),
            "message": .string($0.message),
          ])
        }),
      "repaired_measurements": .integer(repairedCount), "bitstreams": bitstreams.json,
      "rate_distortion": .list(rateDistortion.map(\.json)), "encoding": encoding.json,
      "decoding": decoding.json,
      "findings": .list(
        ComparisonFinding.allCases.filter(findings.contains).map { .string($0.rawValue) }),
    ])
  }
}

extension BitstreamVerdict {
  fileprivate var json: JSONText.Value {
    let (verdict, reason): (String, String?) =
      switch outcome {
      case .same: ("same", nil)
      case .changed: ("changed", nil)
      case .notComparable(let reason): ("not_comparable", reason)
      }
    return .object([
      "verdict": .string(verdict), "reason": .text(reason), "compared": .integer(comparedCount),
      "changed": .list(changed.map(\.json)),
    ])
  }
}

extension RateDistortionVerdict {
  fileprivate var json: JSONText.Value {
    .object([
      "metric": .string(measure.id), "verdict": .string(outcome.rawValue),
      "bd_rate_percent": .number(curves.mean), "interval": .interval(curves.interval),
      "images": .integer(curves.valueCount), "mean_overlap": .number(curves.meanOverlap),
      "worst_images": .figures(worstImages),
      "settings": .list(
        settings.map {
          .object([
            "quality": .number($0.quality), "images": .integer($0.images.count),
            "rate_percent": .number($0.rate), "rate_interval": .interval($0.rateInterval),
            "score_change": .number($0.score), "score_interval": .interval($0.scoreInterval),
            "no_longer_lossless": .list($0.lossyImages.map { .string($0) }),
            "newly_lossless": .list($0.losslessImages.map { .string($0) }),
          ])
        }),
    ])
  }
}

extension SpeedVerdict {
  fileprivate var json: JSONText.Value {
    let (verdict, reason): (String, String?) =
      switch outcome {
      case .slower: ("slower", nil)
      case .faster: ("faster", nil)
      case .same: ("same", nil)
      case .notComparable(let reason): ("not_comparable", reason)
      }
    return .object([
      "verdict": .string(verdict), "reason": .text(reason), "ratio": .number(figures?.ratio),
      "interval": .interval(figures?.interval), "seconds_for_each_call": .number(figures?.change),
      "images": .integer(figures?.imageCount ?? 0),
      "worst_images": .figures(figures?.worstImages ?? []),
    ])
  }
}
