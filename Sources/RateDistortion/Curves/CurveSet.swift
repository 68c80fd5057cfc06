/// Mean curves that may be laid over each other, and what had to be left out of them.
///
/// Curves of one dataset are over the same images: those that every configuration finished at every
/// setting. Otherwise a codec that fails on hard images would look better for it.
public struct CurveSet: Sendable {
  /// Something that a reader of the curves has to know.
  public enum Note: Hashable, Sendable {
    /// The configuration is lossless, so it is a single point at best.
    case lossless(CurveKey)
    /// No image was scored at every setting of the configuration.
    case incomplete(CurveKey)
    /// Some images of a dataset were not scored by every configuration.
    case imagesLeftOut(dataset: String, names: [String], kept: Int)
    /// The configurations of a dataset have no image in common; nothing of it is drawn.
    case noCommonImage(dataset: String)
    /// Some points are means over fewer images, as the others' scores are infinite there.
    case infiniteScores(CurveKey, points: Int)
  }

  /// What the curves show.
  public let measure: QualityMeasure
  /// The curves in the order of the sweeps.
  public let curves: [RateCurve]
  /// The images behind the curves of each dataset.
  public let images: [String: [String]]
  /// What had to be left out.
  public let notes: [Note]

  /// Averages sweeps over the images that all of them finished.
  ///
  /// Sweeps without a value for the measure's column are passed over.
  ///
  /// - Parameters:
  ///   - sweeps: configurations, each with the column that `measure` names.
  ///   - measure: what the curves show.
  ///   - weighting: how images of different sizes share in the means.
  public init(_ sweeps: [Sweep], measure: QualityMeasure, weighting: Weighting = .images) {
    var notes: [Note] = []
    var drawn: [Sweep] = []
    for sweep in sweeps {
      if sweep.isLossless {
        notes.append(.lossless(sweep.key))
      } else if !sweep.completeImages.isEmpty {
        drawn.append(sweep)
      } else if sweep.hasScores {
        notes.append(.incomplete(sweep.key))
      }
    }
    var common: [String: [String]] = [:]
    for dataset in drawn.map(\.key.dataset) where common[dataset] == nil {
      let members = drawn.filter { $0.key.dataset == dataset }
      let kept = Self.commonImages(of: members)
      common[dataset] = kept
      let all = members.flatMap(\.images)
      let leftOut = Set(all).subtracting(kept)
      if kept.isEmpty {
        notes.append(.noCommonImage(dataset: dataset))
      } else if !leftOut.isEmpty {
        notes.append(
          .imagesLeftOut(dataset: dataset, names: leftOut.sorted(), kept: kept.count))
      }
    }
    var curves: [RateCurve] = []
    for sweep in drawn {
      guard let images = common[sweep.key.dataset], !images.isEmpty else { continue }
      let curve = sweep.meanCurve(over: images, measure: measure, weighting: weighting)
      let affected = sweep.settings.count - curve.points.count { $0.infiniteCount == 0 }
      if affected > 0 { notes.append(.infiniteScores(sweep.key, points: affected)) }
      if !curve.points.isEmpty { curves.append(curve) }
    }
    self.measure = measure
    self.curves = curves
    images = common
    self.notes = notes
  }

  /// The images that every sweep finished, in the order of the first.
  private static func commonImages(of sweeps: [Sweep]) -> [String] {
    guard let first = sweeps.first else { return [] }
    let common = sweeps.dropFirst().reduce(into: Set(first.completeImages)) {
      $0.formIntersection($1.completeImages)
    }
    return first.completeImages.filter(common.contains)
  }
}
