import RateDistortion
import Results

/// What changed from one run to another: the gate of nightly runs.
public struct RunComparison: Sendable {
  /// The configurations that both runs measured, in the order of the baseline.
  public let curves: [CurveComparison]
  /// The configurations that only the baseline measured.
  public let missingCurves: [CurveKey]
  /// The configurations that only the new run measured.
  public let addedCurves: [CurveKey]
  /// How many measurements of the new run come from a store, where later changes do not show.
  public let reusedCount: Int
  /// What was counted as a difference.
  public let rules: ComparisonRules
  /// Why bytes of codecs that are not portable could not be compared, or `nil` where they could.
  public let instructionSetObstacle: String?
  /// Why times could not be compared, or `nil` where they could.
  public let timeObstacle: String?

  /// Compares two runs.
  ///
  /// - Throws: `ResultsError` for runs without a configuration in common, with different pixels
  ///   under one name, or with a measurement that is there twice.
  public init(
    of new: RecordedRun, against baseline: RecordedRun, rules: ComparisonRules
  ) throws(ResultsError) {
    try Self.checkImages(baseline, new)
    let (oldKeys, oldRows) = try Self.curves(of: baseline)
    let (newKeys, newRows) = try Self.curves(of: new)
    let machines = MachinePair(baseline, new)
    var curves: [CurveComparison] = []
    for key in oldKeys {
      guard let old = oldRows[key], let current = newRows[key] else { continue }
      do throws(SweepError) {
        curves.append(
          try CurveComparison(
            key, baseline: old, new: current, rules: rules,
            isPortable: Self.isPortable(key, in: [baseline, new], rules), machines: machines))
      } catch {
        throw ResultsError(error.message)
      }
    }
    guard !curves.isEmpty else {
      throw ResultsError(
        "\(baseline.name) and \(new.name) have no codec with the same parameters on the same "
          + "dataset: \(Self.list(oldKeys)) there, \(Self.list(newKeys)) here")
    }
    self.curves = curves
    if case .known(let metadata) = new.metadata, let reuse = metadata.reuse {
      reusedCount = reuse.reusedRows + reuse.rescoredRows
    } else {
      reusedCount = 0
    }
    self.rules = rules
    missingCurves = oldKeys.filter { newRows[$0] == nil }
    addedCurves = newKeys.filter { oldRows[$0] == nil }
    instructionSetObstacle = machines.instructionSetObstacle
    timeObstacle = machines.timeObstacle
  }

  /// Whether a configuration's bytes are the same on every processor: as the runs that made them say,
  /// and as the rules say where neither does.
  private static func isPortable(
    _ key: CurveKey, in runs: [RecordedRun], _ rules: ComparisonRules
  ) -> Bool {
    let words = runs.compactMap { run -> Bool? in
      guard case .known(let metadata) = run.metadata else { return nil }
      let entry = metadata.codecs.first {
        $0.codec == key.codec && $0.parameters == key.parameters
      }
      return entry?.bytesDependOnInstructionSet
    }
    return words.isEmpty ? rules.portableCodecs.contains(key.codec) : !words.contains(true)
  }

  /// Which verdicts are bad for any configuration.
  public var findings: Set<ComparisonFinding> {
    var findings = curves.reduce(into: Set()) { $0.formUnion($1.findings) }
    if !missingCurves.isEmpty && !rules.allowsMissing { findings.insert(.rateDistortion) }
    return findings
  }

  private static func curves(
    of run: RecordedRun
  ) throws(ResultsError) -> (keys: [CurveKey], rows: [CurveKey: CurveRows]) {
    var keys: [CurveKey] = []
    var rows: [CurveKey: [ResultRow]] = [:]
    for row in run.rows {
      let key = row.curveKey()
      if rows[key] == nil { keys.append(key) }
      rows[key, default: []].append(row)
    }
    var curves: [CurveKey: CurveRows] = [:]
    for key in keys { curves[key] = try CurveRows(rows[key] ?? [], file: run.name) }
    return (keys, curves)
  }

  /// Makes sure that one name stands for the same pixels in both runs.
  private static func checkImages(
    _ baseline: RecordedRun, _ new: RecordedRun
  ) throws(ResultsError) {
    struct Name: Hashable {
      let dataset: String
      let image: String
    }
    var known: [Name: ResultRow.Subject] = [:]
    for row in baseline.rows where row.subject.imageSHA256 != nil {
      known[Name(dataset: row.subject.dataset, image: row.subject.image)] = row.subject
    }
    for row in new.rows {
      let subject = row.subject
      guard let digest = subject.imageSHA256,
        let old = known[Name(dataset: subject.dataset, image: subject.image)],
        old.imageSHA256 != digest
      else { continue }
      throw ResultsError(
        "\(subject.image) of \(subject.dataset) has other pixels in \(new.name) than in "
          + "\(baseline.name); compare runs of the same images")
    }
  }

  private static func list(_ keys: [CurveKey]) -> String {
    var seen: Set<String> = []
    return keys.map { key in
      "\(key.codec)\(key.parameters.isEmpty ? "" : " (\(key.parameters))") on \(key.dataset)"
    }.filter { seen.insert($0).inserted }.joined(separator: ", ")
  }
}
