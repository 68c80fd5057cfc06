import Results

extension RunMetadata {
  /// The number of rows of each image.
  var rowsPerImage: Int {
    codecs.reduce(0) { $0 + ($1.targets?.count ?? $1.qualities.count) }
  }

  /// Describes a run that was made in parts.
  ///
  /// - Parameters:
  ///   - parts: one for each shard in the order of their numbers, all of one plan and build.
  ///   - rows: all rows in the plan's order.
  ///   - commandLine: the arguments of the merging program.
  init(merging parts: [RunMetadata], rows: [ResultRow], commandLine: [String]) {
    let first = parts[0]
    var digests: [(path: String, pixels: String?)] = []
    for row in rows where digests.last?.path != row.subject.image {
      digests.append((row.subject.image, row.subject.imageSHA256))
    }
    let timingSpreads = first.timingSpreads.map { spreads in
      spreads.indices.map { index in
        CurveSpread(
          merging: parts.compactMap { part in
            part.timingSpreads.flatMap { index < $0.count ? $0[index] : nil }
          })
      }
    }
    let reuses = parts.compactMap(\.reuse)
    self.init(
      schemaVersion: first.schemaVersion, rdbenchVersion: first.rdbenchVersion,
      planDigest: first.shard?.wholePlanDigest ?? first.planDigest, fingerprint: nil,
      commandLine: commandLine, shard: nil,
      dataset: DatasetEntry(
        name: first.dataset.name, images: first.dataset.images,
        manifestDigest: first.dataset.manifestDigest, pixelsDigest: Self.digest(of: digests)),
      codecs: first.codecs, metrics: first.metrics, jobs: first.jobs,
      timingRepeats: first.timingRepeats, timingSeed: first.timingSeed,
      timingSpreads: timingSpreads, verified: first.verified, build: first.build,
      machine: MachineInformation(merging: parts.map(\.machine)),
      start: parts.map(\.start).min() ?? first.start, end: parts.map(\.end).max() ?? first.end,
      completed: true, rows: rows.count, failures: rows.count { $0.status != .ok },
      reuse: Reuse(
        resumedRows: reuses.reduce(0) { $0 + $1.resumedRows },
        reusedRows: reuses.reduce(0) { $0 + $1.reusedRows },
        rescoredRows: reuses.reduce(0) { $0 + $1.rescoredRows }))
  }
}

extension MachineInformation {
  /// What several machines have in common; where they differ, each entry says whose it is, so that
  /// merged results of the same machines in the same places compare as equal and others do not.
  init(merging machines: [MachineInformation]) {
    func merged(_ path: KeyPath<MachineInformation, String>) -> String {
      Self.named(machines.map { $0[keyPath: path] }).joined(separator: ", ")
    }
    let common = machines.map { Set($0.instructionSets) }
      .reduce(Set(machines[0].instructionSets)) { $0.intersection($1) }
    let others = machines.enumerated().flatMap { index, machine in
      machine.instructionSets.filter { !common.contains($0) }
        .map { "\($0) (\(index + 1)/\(machines.count))" }
    }
    self.init(
      operatingSystem: merged(\.operatingSystem), architecture: merged(\.architecture),
      processor: Self.named(machines.map { $0.processor ?? "unknown" }).joined(separator: ", "),
      instructionSets: common.sorted() + others,
      processorCount: machines.map(\.processorCount).min() ?? 0)
  }

  /// One value when all are the same, otherwise each with its number.
  private static func named(_ values: [String]) -> [String] {
    guard Set(values).count > 1 else { return Array(values.prefix(1)) }
    return values.enumerated().map { "\($0.element) (\($0.offset + 1)/\(values.count))" }
  }
}
