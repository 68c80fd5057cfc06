import Codecs
import Comparing
import RateDistortion
import Results

extension CurveComparison {
  /// What happened to the codec: sentences without a full stop, none where nothing did.
  func sentences(label: String) -> [String] {
    versionSentences(label) + coverageSentences(label) + bitstreamSentences(label)
      + rateDistortion.flatMap { $0.sentences(label: label) }
      + encoding.sentences(label: label, verb: "encodes")
      + decoding.sentences(label: label, verb: "decodes")
  }

  private func versionSentences(_ label: String) -> [String] {
    baselineVersion == newVersion
      ? [] : ["\(label) was \(baselineVersion) in the baseline and is \(newVersion) now"]
  }

  private func coverageSentences(_ label: String) -> [String] {
    var sentences: [String] = []
    if let first = newFailures.first {
      let names = newFailures.map(\.measurement.text)
      let reason = [first.status.rawValue, first.message].filter { !$0.isEmpty }
      sentences.append(
        "\(label) fails where it did not: \(listed(names)) (\(reason.joined(separator: ": ")))")
    }
    if repairedCount > 0 {
      sentences.append("\(label) no longer fails at \(counted(repairedCount, "measurement"))")
    }
    if !missing.isEmpty {
      sentences.append(
        "\(label) lacks \(counted(missing.count, "measurement")) of the baseline: "
          + listed(missing.map(\.text)))
    }
    if addedCount > 0 {
      sentences.append(
        "\(label) has \(counted(addedCount, "measurement")) that the baseline lacks; they are not "
          + "compared")
    }
    return sentences
  }

  private func bitstreamSentences(_ label: String) -> [String] {
    let share = "\(bitstreams.changed.count) of \(counted(bitstreams.comparedCount, "bitstream"))"
    let names = listed(bitstreams.changed.map(\.text))
    return switch bitstreams.outcome {
    case .same: []
    case .changed: ["\(label) wrote other bytes: \(share), \(names)"]
    case .notComparable(let reason) where bitstreams.changed.isEmpty:
      ["the bitstreams of \(label) are not comparable: \(reason)"]
    case .notComparable(let reason):
      ["\(label) wrote other bytes (\(share)), which is no verdict: \(reason)"]
    }
  }
}

extension RateDistortionVerdict {
  /// What the figures say, where it is more than that nothing changed.
  fileprivate func sentences(label: String) -> [String] {
    if outcome == .same || outcome == .notApplicable { return [] }
    var sentences: [String] = []
    if let mean = curves.mean, signed(mean, 2).first != "0" {
      sentences.append("\(label) \(curveClause(mean))")
    }
    for setting in settings {
      let place = setting.quality.map { " at \(formatNumber($0))" } ?? ""
      guard let clause = clause(of: setting) else { continue }
      sentences.append("\(label)\(place): \(clause)")
    }
    if outcome == .undecided {
      sentences.append(
        "\(label) moved along its curve in \(measure.name), which has too few points to say whether "
          + "that is better; measure \(BjontegaardDelta.minimumPointCount) settings or more")
    }
    return sentences
  }

  private func curveClause(_ mean: Double) -> String {
    let direction = mean > 0 ? "more" : "fewer"
    var parts = [
      "needs \(fixed(abs(mean), 2)) % \(direction) bits than the baseline at equal \(measure.name)"
    ]
    if let interval = curves.interval {
      parts.append(
        "95 % interval \(signed(interval.lowerBound, 2)) to \(signed(interval.upperBound, 2))")
    }
    parts.append(counted(curves.valueCount, "image"))
    let worst = worstImages.map { "\($0.image) (\(signed($0.value, 2)) %)" }
    let text = parts.joined(separator: ", ")
    return worst.isEmpty ? text : "\(text); worst \(worst.joined(separator: ", "))"
  }

  /// What changed at one setting, or `nil` where nothing did.
  private func clause(of setting: SettingDelta) -> String? {
    var parts: [String] = []
    if signed(setting.rate, 2).first != "0" { parts.append("\(signed(setting.rate, 2)) % of rate") }
    if signed(setting.score, 3).first != "0" {
      parts.append("\(signed(setting.score, 3)) dB of \(measure.name)")
    }
    if !setting.lossyImages.isEmpty {
      parts.append("no longer lossless for \(listed(setting.lossyImages))")
    }
    if !setting.losslessImages.isEmpty {
      parts.append("now lossless for \(listed(setting.losslessImages))")
    }
    guard !parts.isEmpty else { return nil }
    return (parts + [counted(setting.images.count, "image")]).joined(separator: ", ")
  }
}

extension SpeedVerdict {
  fileprivate func sentences(label: String, verb: String) -> [String] {
    guard let figures, outcome == .slower || outcome == .faster else { return [] }
    var parts = ["\(label) \(verb) in \(fixed(figures.ratio, 2)) times the baseline's time"]
    if let interval = figures.interval {
      parts.append(
        "95 % interval \(fixed(interval.lowerBound, 2)) to \(fixed(interval.upperBound, 2))")
    }
    parts.append("\(signed(figures.change * 1000, 2)) ms for each call")
    parts.append(counted(figures.imageCount, "image"))
    let worst = figures.worstImages.map { "\($0.image) (\(fixed($0.value, 2))×)" }
    let text = parts.joined(separator: ", ")
    return [worst.isEmpty ? text : "\(text); worst \(worst.joined(separator: ", "))"]
  }
}

/// The first names of a list and how many more there are.
private func listed(_ names: [String]) -> String {
  let shown = names.prefix(3).joined(separator: ", ")
  return names.count > 3 ? "\(shown) and \(names.count - 3) more" : shown
}

private func counted(_ count: Int, _ noun: String) -> String {
  "\(count) \(noun)\(count == 1 ? "" : "s")"
}
