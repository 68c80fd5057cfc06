import Codecs
import ImageMetrics
import RateDistortion
import Results

/// What became of one codec in one configuration between two runs.
///
/// Bytes, rate with distortion, and time are three verdicts that say nothing about each other: other
/// bytes may be better ones, and slower code may write the same.
public struct CurveComparison: Sendable {
  /// A measurement that went well in the baseline and does not any more.
  public struct Failure: Sendable, Equatable {
    /// Which measurement.
    public let measurement: MeasurementName
    /// How it ended.
    public let status: ResultRow.Status
    /// What went wrong.
    public let message: String
  }

  /// The configuration.
  public let key: CurveKey
  /// Library and version in the baseline; several, joined by commas, where its rows differ.
  public let baselineVersion: String
  /// Library and version in the new run.
  public let newVersion: String
  /// How many measurements both runs have.
  public let pairCount: Int
  /// Measurements of the baseline that the new run does not have.
  public let missing: [MeasurementName]
  /// How many measurements only the new run has; they are not compared.
  public let addedCount: Int
  /// Measurements that fail now.
  public let newFailures: [Failure]
  /// How many measurements failed in the baseline and do not any more.
  public let repairedCount: Int
  /// Whether the bytes are the same.
  public let bitstreams: BitstreamVerdict
  /// Whether rate and distortion are, for each metric that has values in both runs.
  public let rateDistortion: [RateDistortionVerdict]
  /// Whether encoding became slower.
  public let encoding: SpeedVerdict
  /// Whether decoding became slower.
  public let decoding: SpeedVerdict
  /// Which verdicts are bad.
  public let findings: Set<ComparisonFinding>

  /// Compares the rows of one configuration.
  ///
  /// - Parameter isPortable: whether its bytes are the same on every processor.
  init(
    _ key: CurveKey, baseline: CurveRows, new: CurveRows, rules: ComparisonRules,
    isPortable: Bool, machines: MachinePair
  ) throws(SweepError) {
    let pairs = baseline.rows.compactMap { row in
      new[MeasurementName(row)].map { RowPair(baseline: row, new: $0) }
    }
    self.key = key
    baselineVersion = baseline.version
    newVersion = new.version
    pairCount = pairs.count
    missing = baseline.rows.map(MeasurementName.init).filter { new[$0] == nil }
    addedCount = new.rows.count - pairs.count
    newFailures = pairs.filter { $0.baseline.status == .ok && $0.new.status != .ok }.map {
      Failure(
        measurement: MeasurementName($0.new), status: $0.new.status, message: $0.new.message)
    }
    repairedCount = pairs.count { $0.baseline.status != .ok && $0.new.status == .ok }
    bitstreams = BitstreamVerdict(pairs, isPortable: isPortable, machines: machines)
    rateDistortion = try Self.verdicts(key, pairs, rules)
    encoding = SpeedVerdict(pairs, rules: rules, machines: machines) { $0.timing?.encodeSeconds }
    decoding = SpeedVerdict(pairs, rules: rules, machines: machines) { $0.timing?.decodeSeconds }

    var findings: Set<ComparisonFinding> = []
    if bitstreams.outcome == .changed { findings.insert(.bitstream) }
    if rateDistortion.contains(where: { $0.outcome <= .undecided }) || !newFailures.isEmpty
      || !(missing.isEmpty || rules.allowsMissing)
    {
      findings.insert(.rateDistortion)
    }
    if [encoding, decoding].contains(where: { $0.outcome == .slower }) { findings.insert(.speed) }
    self.findings = findings
  }

  private static func verdicts(
    _ key: CurveKey, _ pairs: [RowPair], _ rules: ComparisonRules
  ) throws(SweepError) -> [RateDistortionVerdict] {
    var verdicts: [RateDistortionVerdict] = []
    for measure in rules.measures {
      guard let column = MetricID(rawValue: measure.column) else {
        preconditionFailure("\(measure.column) is a column of the results")
      }
      let anchor = try Sweep(
        key: key, measurements: pairs.map { $0.baseline.measurement(of: column) })
      let test = try Sweep(key: key, measurements: pairs.map { $0.new.measurement(of: column) })
      guard anchor.hasScores, test.hasScores else { continue }
      verdicts.append(
        RateDistortionVerdict(of: test, against: anchor, measure: measure, rules: rules))
    }
    return verdicts
  }
}

/// A way in which a run can be worse than its baseline.
public enum ComparisonFinding: String, Sendable, CaseIterable {
  /// The codec wrote other bytes.
  case bitstream
  /// Worse in rate and distortion, failing, or not measured any more.
  case rateDistortion = "rd"
  /// Slower.
  case speed
}

/// The rows of one configuration in one file.
struct CurveRows {
  let rows: [ResultRow]
  private let byName: [MeasurementName: ResultRow]

  /// - Throws: `ResultsError` for a measurement that is there twice.
  init(_ rows: [ResultRow], file: String) throws(ResultsError) {
    var byName: [MeasurementName: ResultRow] = [:]
    for row in rows {
      let name = MeasurementName(row)
      guard byName.updateValue(row, forKey: name) == nil else {
        throw ResultsError(
          "\(file): \(row.subject.codec) measured \(name.text) twice; keep one of the two rows")
      }
    }
    self.rows = rows
    self.byName = byName
  }

  subscript(name: MeasurementName) -> ResultRow? { byName[name] }

  /// Every version that the rows name, sorted.
  var version: String { Set(rows.map(\.subject.codecVersion)).sorted().joined(separator: ", ") }
}
