import RateDistortion

extension AnchorComparison.Line {
  /// The result in words, with its direction: a sentence without a full stop.
  public var sentence: String {
    if rate.isPublished { return publishedSentence }
    guard let mean = rate.mean else {
      return "\(label) has no BD-rate against \(anchorLabel) in \(measure.name): \(reasons)"
    }
    var parts = [
      "\(label) needs \(Self.bits(mean)) than \(anchorLabel) at equal \(measure.name)"
    ]
    if let interval = rate.interval { parts.append("95 % interval \(Self.range(interval))") }
    parts.append("\(rate.valueCount) image\(rate.valueCount == 1 ? "" : "s")")
    if rate.valueCount < rate.images.count { parts.append("no figure for \(reasons)") }
    return parts.joined(separator: ", ")
  }

  private var publishedSentence: String {
    switch rate.meanCurves {
    case .value(let value):
      "\(label) needs \(Self.bits(value.delta)) than \(anchorLabel) at equal \(measure.name) "
        + "on the mean curves, overlap \(fixed(value.overlap, 2))"
    case .unavailable(let reason):
      "\(label) has no BD-rate against \(anchorLabel) in \(measure.name): \(reason.phrase)"
    }
  }

  /// The images without a figure, by reason.
  private var reasons: String {
    if rate.images.isEmpty { return "no image was finished by both" }
    let phrases = BjontegaardDelta.Reason.allCases.compactMap { reason -> String? in
      let images = rate.images.filter { $0.outcome == .unavailable(reason) }.map(\.image)
      guard !images.isEmpty else { return nil }
      let shown = images.prefix(3).joined(separator: ", ")
      let names = images.count > 3 ? "\(shown) and \(images.count - 3) more" : shown
      return "\(names) (\(reason.phrase))"
    }
    return phrases.joined(separator: ", ")
  }

  private static func bits(_ percent: Double) -> String {
    let text = fixed(abs(percent), 1)
    if text == "0.0" { return "as many bits, within 0.05 %," }
    return percent < 0 ? "\(text) % fewer bits" : "\(text) % more bits"
  }

  /// The bounds as plain numbers where both have one direction, otherwise each with its own.
  private static func range(_ interval: ClosedRange<Double>) -> String {
    let (lower, upper) = (interval.lowerBound, interval.upperBound)
    if upper < 0 { return "\(fixed(-upper, 1)) to \(fixed(-lower, 1))" }
    if lower > 0 { return "\(fixed(lower, 1)) to \(fixed(upper, 1))" }
    return "from \(fixed(-lower, 1)) % fewer to \(fixed(upper, 1)) % more"
  }
}

extension BjontegaardDelta.Reason {
  /// The reason in words.
  var phrase: String {
    switch self {
    case .noOverlap: "the curves do not overlap"
    case .tooFewPoints: "fewer than \(BjontegaardDelta.minimumPointCount) points"
    case .nonMonotone:
      "fewer than \(BjontegaardDelta.minimumPointCount) points that no other dominates"
    case .infinite: "fewer than \(BjontegaardDelta.minimumPointCount) points with a finite score"
    }
  }
}
