import Analysis
import ArgumentParser
import Codecs
import Foundation
import MeasurementStore

/// `rdbench cache`: the measurements that were made before.
struct CacheCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache",
    abstract: "Show and clear up the store of measurements.",
    discussion: """
      ‘rdbench run’ keeps each measurement with its coded bytes, and does not make it again as long as \
      pixels, codec, library version, parameters, quality and model are the same. The store is in \
      --cache-dir, else $RDBENCH_CACHE, else the user's cache folder. It may be removed at any time.

      EXAMPLES:
        rdbench cache status
        rdbench cache gc --older-than 90 --max-size 2GB
        rdbench cache gc --other-versions --dry-run
      """,
    subcommands: [Status.self, CleanUp.self], defaultSubcommand: Status.self)
}

extension CacheCommand {
  /// `rdbench cache status`.
  struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show what the store holds.",
      discussion: """
        EXAMPLES:
          rdbench cache status
          rdbench cache status --cache-dir /scratch/rdbench --json
        """)

    @OptionGroup var cache: CacheArguments

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
      let store = try cache.open()
      let status = try storeCall { () throws(StoreError) in try store.status() }
      print(json ? try Self.json(status) : Self.text(status))
    }

    private static func text(_ status: MeasurementStore.Status) -> String {
      var table = TextTable([
        ("codec", .left), ("version", .left), ("measurements", .right), ("images", .right),
        ("MB", .right), ("last used", .left), ("parameters", .left),
      ])
      for group in status.groups {
        table.add([
          group.codec, group.version, "\(group.measurements)", "\(group.images)",
          megabytes(group.bytes), date(group.lastUse), group.parameters,
        ])
      }
      let sum =
        "\(status.measurements) measurements, \(status.bitstreamFiles) bitstreams of "
        + "\(megabytes(status.bitstreamBytes)) MB, an index of \(megabytes(status.indexBytes)) MB"
      return (status.groups.isEmpty ? "" : table.text + "\n") + sum + " in \(status.path)"
    }

    private static func json(_ status: MeasurementStore.Status) throws -> String {
      try JSONText.object([
        "path": .string(status.path),
        "measurements": .integer(status.measurements),
        "bitstream_files": .integer(status.bitstreamFiles),
        "bitstream_bytes": .integer(status.bitstreamBytes),
        "index_bytes": .integer(status.indexBytes),
        "codecs": .list(
          status.groups.map {
            .object([
              "codec": .string($0.codec), "version": .string($0.version),
              "parameters": .string($0.parameters), "measurements": .integer($0.measurements),
              "images": .integer($0.images), "bytes": .integer($0.bytes),
              "last_used": .string(date($0.lastUse)),
            ])
          }),
      ])
    }

    private static func date(_ day: Int) -> String {
      Date(timeIntervalSince1970: Double(day) * 86_400).formatted(.iso8601.year().month().day())
    }
  }

  /// `rdbench cache gc`.
  struct CleanUp: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "gc",
      abstract: "Remove what is old, too much, or of no more use.",
      discussion: """
        Without options it removes only files that belong to no measurement, such as those of a run \
        that was killed. It may work while runs do; what they miss afterwards they make again.

        EXAMPLES:
          rdbench cache gc
          rdbench cache gc --older-than 90
          rdbench cache gc --max-size 2GB --dry-run
          rdbench cache gc --other-versions
        """)

    @OptionGroup var cache: CacheArguments

    @Option(
      help: ArgumentHelp("Remove what no run used for so many days.", valueName: "days"))
    var olderThan: Int?

    @Option(
      help: ArgumentHelp(
        "Remove what was used longest ago, until the bitstreams take no more than this.",
        valueName: "bytes, kB, MB, GB"))
    var maxSize: ByteCount?

    @Flag(
      help: ArgumentHelp(
        "Remove what this build cannot re-use: other library versions, unknown codecs, other builds.",
        discussion: "The library version of learned codecs is known only with --model."))
    var otherVersions = false

    @OptionGroup var models: ModelArguments

    @OptionGroup var recipes: RecipeArguments

    @Flag(help: "Say what would go, and remove nothing.")
    var dryRun = false

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
      guard olderThan ?? 0 >= 0 else { throw ValidationError("--older-than must not be negative") }
    }

    func run() throws {
      let rules = MeasurementStore.CleanupRules(
        unusedDays: olderThan, maximumBytes: maxSize?.value,
        codecs: otherVersions ? try recipes.adding(to: models.registry()) : nil)
      let (store, isDryRun) = (try cache.open(), dryRun)
      let cleanup = try storeCall { () throws(StoreError) in
        try store.cleanUp(rules, isDryRun: isDryRun)
      }
      print(json ? try self.json(cleanup) : text(cleanup))
    }

    private func text(_ cleanup: MeasurementStore.Cleanup) -> String {
      "\(dryRun ? "would remove" : "removed") \(cleanup.measurements) measurements and "
        + "\(cleanup.files) files of \(megabytes(cleanup.bytes)) MB"
    }

    private func json(_ cleanup: MeasurementStore.Cleanup) throws -> String {
      try JSONText.object([
        "dry_run": .bool(dryRun), "measurements": .integer(cleanup.measurements),
        "files": .integer(cleanup.files), "bytes": .integer(cleanup.bytes),
      ])
    }
  }
}

/// A size in megabytes with one decimal.
private func megabytes(_ bytes: Int) -> String { fixed(Double(bytes) / 1e6, 1) }
