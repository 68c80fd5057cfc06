import Codecs
import Results

/// The measurements of one image with one codec, from which each target takes the nearest.
///
/// What was measured for one target is known to the next.
struct TargetedMeasurements {
  /// The codec's scale.
  let scale: QualityScale
  /// The most measurements for each target.
  let maximumProbes: Int

  private var rows: [ResultRow] = []

  /// Starts without a measurement.
  init(_ sweep: Plan.Sweep, in plan: Plan) {
    guard let scale = sweep.codec.descriptor.qualityScale else {
      preconditionFailure("a sweep with targets has a scale")
    }
    self.scale = scale
    maximumProbes = plan.maximumProbes
  }

  /// Searches for a target.
  ///
  /// - Parameters:
  ///   - target: what is aimed at.
  ///   - measure: measures the image at a quality; `nil` when the run was asked to stop.
  /// - Returns: the row of the measured quality that comes nearest. When the target lies beyond what
  ///   the codec can do with this image, its status is `unreachable`, with the figures of the nearest
  ///   quality; when nothing could be measured, it is the row of the last failure. `nil` when the
  ///   run was asked to stop.
  mutating func row(for target: Target, measure: (Quality) -> ResultRow?) -> ResultRow? {
    var search = TargetSearch(
      target, on: scale, maximumProbes: maximumProbes,
      known: rows.map { ($0.subject.quality.number ?? 0, target.reached(by: $0)) })
    while let quality = search.next() {
      guard let row = measure(.value(quality)) else { return nil }
      rows.append(row)
      search.add(quality, value: target.reached(by: row))
    }
    var row: ResultRow
    if let best = search.best,
      let nearest = rows.first(where: { $0.subject.quality == .value(best.quality) })
    {
      row = nearest
      if search.isBeyondRange, let range = search.reachedRange {
        row.status = .unreachable
        // Four decimals say enough of how far away it is.
        let ends = [range.lowerBound, range.upperBound].map { ($0 * 1e4).rounded() / 1e4 }
        row.message =
          "\(target.text) is out of reach, \(row.subject.codec) gives "
          + "\(formatNumber(ends[0])) to \(formatNumber(ends[1])) with this image"
      }
    } else if let last = rows.last {
      row = last
      if row.status == .ok {
        row.status = .unreachable
        row.message = "\(target.figure.name) does not apply to this image"
      }
    } else {
      preconditionFailure("a search asks for at least one measurement")
    }
    row.subject.target = target
    return row
  }
}
