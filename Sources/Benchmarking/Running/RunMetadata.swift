import Foundation

/// What `results.meta.json` says of a run: how, with what, where and when.
///
/// It is the only place for dates and for the machine. Keys are in snake case and sorted.
public struct RunMetadata: Codable, Sendable, Equatable {
  /// The version of the columns and of their meaning.
  public static let schemaVersion = 1

  /// A configured codec of the plan.
  public struct CodecEntry: Codable, Sendable, Equatable {
    /// The codec's id.
    public let codec: String
    /// Library and version.
    public let version: String
    /// Every parameter with its value.
    public let parameters: String
    /// The qualities, `null` for a codec without a scale; the candidates of a budget; empty for other
    /// targets.
    public let qualities: [Double?]
    /// What the qualities were searched for (``Target/text``), or `null` for chosen qualities.
    public let targets: [String]?
    /// The number of threads that one call uses.
    public let threads: Int
    /// Whether the bytes may differ between processors with other instruction sets; `null` in files of
    /// before it was recorded.
    public let bytesDependOnInstructionSet: Bool?
    /// Version of the code that calls the library; `null` in files of before it was recorded.
    public let adapterVersion: Int?
  }

  /// The images of the plan.
  public struct DatasetEntry: Codable, Sendable, Equatable {
    /// The set's name.
    public let name: String
    /// The number of images.
    public let images: Int
    /// SHA-256 of the manifest, or `null` for a plain folder.
    public let manifestDigest: String?
    /// SHA-256 over path and pixel digest of each image of the plan, or of its shard, in order.
    public let pixelsDigest: String
  }

  /// How many rows of a run were not measured by it.
  public struct Reuse: Codable, Sendable, Equatable {
    /// Rows that an earlier run of the same kind, broken off, had written.
    public var resumedRows: Int
    /// Rows that came from the store as they are, with the seconds that were measured then.
    public var reusedRows: Int
    /// Rows whose stored bytes were decoded and scored by metrics that were new to the store.
    public var rescoredRows: Int

    /// Counts rows.
    public init(resumedRows: Int = 0, reusedRows: Int = 0, rescoredRows: Int = 0) {
      self.resumedRows = resumedRows
      self.reusedRows = reusedRows
      self.rescoredRows = rescoredRows
    }
  }

  /// How far the repeated times of one curve lie apart.
  public struct CurveSpread: Codable, Sendable, Equatable {
    /// The codec's id.
    public let codec: String
    /// Every parameter with its value.
    public let parameters: String
    /// Encode calls.
    public let encode: TimingSpread
    /// Decode calls.
    public let decode: TimingSpread

    init(_ curve: RunReport.Curve) {
      codec = curve.codec
      parameters = curve.parameters
      encode = curve.encodeSpread
      decode = curve.decodeSpread
    }

    /// The spread of one curve's parts, of which there is at least one.
    init(merging parts: [CurveSpread]) {
      codec = parts[0].codec
      parameters = parts[0].parameters
      encode = TimingSpread(merging: parts.map(\.encode))
      decode = TimingSpread(merging: parts.map(\.decode))
    }
  }

  /// The version of the columns.
  public let schemaVersion: Int
  /// The version of rdbench.
  public let rdbenchVersion: String
  /// SHA-256 of the plan.
  public let planDigest: String
  /// ``RunIdentity/fingerprint``; `null` where it was not recorded.
  public let fingerprint: String?
  /// The command line, each path cut to its last component.
  public let commandLine: [String]
  /// Which part of the plan was measured, or `null` for the whole.
  public let shard: ShardEntry?
  /// The images.
  public let dataset: DatasetEntry
  /// The codecs with their qualities.
  public let codecs: [CodecEntry]
  /// The columns that were computed.
  public let metrics: [String]
  /// How many images were measured side by side.
  public let jobs: Int
  /// How often each call was timed after a warm-up; 0 for one measurement without.
  public let timingRepeats: Int
  /// The seed of the order in which calls were timed repeatedly, or `null` when they were not.
  public let timingSeed: UInt64?
  /// How far repeated times lie apart, by codec in the plan's order; `null` without repeats.
  public let timingSpreads: [CurveSpread]?
  /// Whether each measurement was made twice and compared; `null` in files of before that was known.
  public let verified: Bool?
  /// How rdbench was built.
  public let build: BuildInformation
  /// The machine.
  public let machine: MachineInformation
  /// When the run began, ISO 8601 in UTC.
  public let start: String
  /// When the run ended, ISO 8601 in UTC.
  public let end: String
  /// Whether every row of the plan is there.
  public let completed: Bool
  /// The number of rows.
  public let rows: Int
  /// The number of rows whose status is not `ok`.
  public let failures: Int
  /// How many rows were not measured by this run; `null` in files of before it was recorded.
  public let reuse: Reuse?

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
    schemaVersion = Self.schemaVersion
    rdbenchVersion = BuildInformation.rdbenchVersion
    planDigest = plan.digest
    self.fingerprint = fingerprint
    self.commandLine = commandLine.map(Self.withoutFolders)
    shard = ShardEntry(plan)
    dataset = DatasetEntry(
      name: plan.dataset.name, images: plan.dataset.images.count,
      manifestDigest: plan.dataset.digestOfManifest,
      pixelsDigest: Self.digest(of: plan.images.map { ($0.path, pixelDigests[$0.path]) }))
    codecs = plan.sweeps.map { sweep in
      let descriptor = sweep.codec.descriptor
      return CodecEntry(
        codec: descriptor.id, version: descriptor.version,
        parameters: descriptor.parameters.canonical,
        qualities: (sweep.qualities + sweep.candidates).map(\.number),
        targets: sweep.targets.isEmpty ? nil : sweep.targets.map(\.text),
        threads: descriptor.threadCount,
        bytesDependOnInstructionSet: descriptor.bytesDependOnInstructionSet,
        adapterVersion: descriptor.adapterVersion)
    }
    metrics = plan.metrics.map(\.rawValue)
    self.jobs = jobs
    timingRepeats = plan.timingRepeats
    timingSeed = plan.timingRepeats > 0 ? TimingRounds.seed : nil
    timingSpreads = plan.timingRepeats > 0 ? curves.map(CurveSpread.init) : nil
    verified = plan.verifies
    build = .current
    machine = .current
    self.start = start.formatted(.iso8601)
    self.end = end.formatted(.iso8601)
    completed = rowCount == plan.measurementCount
    rows = rowCount
    failures = failureCount
    self.reuse = reuse
  }

  /// SHA-256 over the paths and pixel digests of images, `nil` for one that could not be read.
  static func digest(of images: [(path: String, pixels: String?)]) -> String {
    let lines = images.map { "\($0.path) \($0.pixels ?? "unread")\n" }
    return SHA256Digest.hexadecimal(of: Array(lines.joined().utf8))
  }

  /// Cuts a path to its last component, also behind an equals sign.
  static func withoutFolders(_ argument: String) -> String {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    return parts.map { part in
      part.contains("/") ? String(part.split(separator: "/").last ?? "/") : String(part)
    }.joined(separator: "=")
  }

  /// The file's bytes.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return try encoder.encode(self) + Data("\n".utf8)
  }

  /// Reads a file that ``json()`` wrote.
  public static func read(from url: URL) throws -> RunMetadata {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(RunMetadata.self, from: Data(contentsOf: url))
  }
}
