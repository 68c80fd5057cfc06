import Codecs
import Foundation
import Results

extension RunMetadata {
  /// Describes a run that has ended.
  ///
  /// - Parameters:
  ///   - plan: what was to be measured.
  ///   - commandLine: the arguments, the program's name first.
  ///   - jobs: how many images were measured side by side.
  ///   - start: when the run began.
  ///   - end: when it ended.
  ///   - pixelDigests: SHA-256 by image path, for the images that were read.
  ///   - rowCount: how many rows were written.
  ///   - failureCount: how many of them are not `ok`.
  ///   - reuse: how many of them it did not measure itself.
  ///   - fingerprint: which run it was, so that the same one can go on if it was stopped.
  ///   - curves: what the run's report says of each curve.
  public init(
    plan: Plan, commandLine: [String], jobs: Int, start: Date, end: Date,
    pixelDigests: [String: String], rowCount: Int, failureCount: Int, reuse: Reuse = Reuse(),
    fingerprint: String? = nil, curves: [RunReport.Curve] = []
  ) {
    let isTimed = plan.timingRepeats > 0
    self.init(
      planDigest: plan.digest, fingerprint: fingerprint, commandLine: commandLine,
      shard: ShardEntry(plan),
      dataset: DatasetEntry(
        name: plan.dataset.name, images: plan.dataset.images.count,
        manifestDigest: plan.dataset.digestOfManifest,
        pixelsDigest: Self.digest(of: plan.images.map { ($0.path, pixelDigests[$0.path]) })),
      codecs: plan.sweeps.map(CodecEntry.init), metrics: plan.metrics.map(\.rawValue), jobs: jobs,
      timingRepeats: plan.timingRepeats, timingSeed: isTimed ? TimingRounds.seed : nil,
      timingSpreads: isTimed ? curves.map(CurveSpread.init) : nil, verified: plan.verifies,
      build: .current, machine: .current, start: start.formatted(.iso8601),
      end: end.formatted(.iso8601), completed: rowCount == plan.measurementCount, rows: rowCount,
      failures: failureCount, reuse: reuse)
  }
}

extension RunMetadata.ShardEntry {
  /// Describes the shard of a plan, `nil` for a plan without.
  fileprivate init?(_ plan: Plan) {
    guard let shard = plan.shard else { return nil }
    self.init(number: shard.number, count: shard.count, wholePlanDigest: plan.wholeDigest)
  }
}

extension RunMetadata.CodecEntry {
  /// Describes a configured codec of a plan.
  fileprivate init(_ sweep: Plan.Sweep) {
    let descriptor = sweep.codec.descriptor
    self.init(
      codec: descriptor.id, version: descriptor.version,
      parameters: descriptor.parameters.canonical,
      qualities: sweep.points.qualities.map(\.number),
      targets: sweep.points.targets.isEmpty ? nil : sweep.points.targets.map(\.text),
      threads: descriptor.threadCount,
      bytesDependOnInstructionSet: descriptor.bytesDependOnInstructionSet,
      adapterVersion: descriptor.adapterVersion)
  }
}

extension RunMetadata.CurveSpread {
  /// Describes the spread of one curve of a report.
  fileprivate init(_ curve: RunReport.Curve) {
    self.init(
      codec: curve.codec, parameters: curve.parameters, encode: curve.encodeSpread,
      decode: curve.decodeSpread)
  }
}
