import Files
import Foundation

/// What `results.meta.json` says of a run: how, with what, where and when.
///
/// It is the only place for dates and for the machine. Keys are in snake case and sorted.
public struct RunMetadata: Codable, Sendable, Equatable {
  /// The name of the file that a run writes.
  public static let fileName = "results.meta.json"
  /// The version of the columns and of their meaning.
  public static let schemaVersion = 1

  /// The version of the columns.
  public let schemaVersion: Int
  /// The version of rdbench.
  public let rdbenchVersion: String
  /// SHA-256 of the plan.
  public let planDigest: String
  /// `RunIdentity.fingerprint`; `null` where it was not recorded.
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

  /// Takes what is known of a run; the command line loses the folders of its paths.
  package init(
    schemaVersion: Int = RunMetadata.schemaVersion,
    rdbenchVersion: String = BuildInformation.rdbenchVersion, planDigest: String,
    fingerprint: String?, commandLine: [String], shard: ShardEntry?, dataset: DatasetEntry,
    codecs: [CodecEntry], metrics: [String], jobs: Int, timingRepeats: Int, timingSeed: UInt64?,
    timingSpreads: [CurveSpread]?, verified: Bool?, build: BuildInformation,
    machine: MachineInformation, start: String, end: String, completed: Bool, rows: Int,
    failures: Int, reuse: Reuse?
  ) {
    self.schemaVersion = schemaVersion
    self.rdbenchVersion = rdbenchVersion
    self.planDigest = planDigest
    self.fingerprint = fingerprint
    self.commandLine = commandLine.map(Self.withoutFolders)
    self.shard = shard
    self.dataset = dataset
    self.codecs = codecs
    self.metrics = metrics
    self.jobs = jobs
    self.timingRepeats = timingRepeats
    self.timingSeed = timingSeed
    self.timingSpreads = timingSpreads
    self.verified = verified
    self.build = build
    self.machine = machine
    self.start = start
    self.end = end
    self.completed = completed
    self.rows = rows
    self.failures = failures
    self.reuse = reuse
  }

  /// SHA-256 over the paths and pixel digests of images, `nil` for one that could not be read.
  package static func digest(of images: [(path: String, pixels: String?)]) -> String {
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

  /// What the meta file beside a results file says.
  ///
  /// - Parameter path: the results file.
  /// - Returns: `nil` unless the results have the name that a run gives them and a meta file that can be
  ///   read lies beside them.
  public static func read(besideResults path: String) -> RunMetadata? {
    let results = URL(fileURLWithPath: path)
    guard results.lastPathComponent == ResultsFile.fileName else { return nil }
    return try? read(from: results.deletingLastPathComponent().appendingPathComponent(fileName))
  }

  /// Reads a file that ``json()`` wrote.
  public static func read(from url: URL) throws -> RunMetadata {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(RunMetadata.self, from: Data(contentsOf: url))
  }
}
