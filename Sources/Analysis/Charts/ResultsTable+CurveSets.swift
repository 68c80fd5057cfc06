import RateDistortion

extension ResultsTable {
  /// The curves of measures over the images that all codecs finished.
  ///
  /// - Parameters:
  ///   - measures: what the curves show, a set for each.
  ///   - published: curves to lay over them: a measure that only these have has an empty set.
  ///   - weighting: how images of different sizes share in the means.
  /// - Returns: the sets, and the measures that neither a row nor a published curve has.
  /// - Throws: ``AnalysisError`` when an image was measured twice at one setting.
  public func curveSets(
    of measures: [QualityMeasure], published: [PublishedCurve], weighting: Weighting
  ) throws(AnalysisError) -> (sets: [CurveSet], missing: [QualityMeasure]) {
    var sets: [CurveSet] = []
    var missing: [QualityMeasure] = []
    for measure in measures {
      let sweeps = try sweeps(for: measure)
      let isPublished = published.contains { $0.curve(for: measure) != nil }
      if isPublished || sweeps.contains(where: \.hasScores) {
        sets.append(CurveSet(sweeps, measure: measure, weighting: weighting))
      } else {
        missing.append(measure)
      }
    }
    return (sets, missing)
  }
}
