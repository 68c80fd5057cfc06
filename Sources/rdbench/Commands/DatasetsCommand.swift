import Analysis
import ArgumentParser
import Datasets

/// `rdbench datasets`: what there is to measure on.
struct DatasetsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "datasets",
    abstract: "List, fetch and verify sets of images.",
    discussion: """
      A named set is looked for below --dataset-root, then $RDBENCH_DATASETS, then the user's cache \
      folder, and is fetched into that when it is nowhere else. Its files are checked against \
      SHA-256 digests each time they are used. Any folder of PNG, PPM, PGM or PNM files is a \
      dataset too.

      EXAMPLES:
        rdbench datasets list
        rdbench datasets fetch kodak
        rdbench datasets verify kodak --dataset-root ~/images
        rdbench datasets verify photos/
      """,
    subcommands: [List.self, Fetch.self, Verify.self], defaultSubcommand: List.self)
}

extension DatasetsCommand {
  /// `rdbench datasets list`.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the named sets and where they are.",
      discussion: """
        Looks only whether the files are there; ‘rdbench datasets verify’ reads them.

        EXAMPLES:
          rdbench datasets list
          rdbench datasets list --json
        """)

    @OptionGroup var datasets: DatasetArguments

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
      let locator = datasets.locator
      var table = TextTable([
        ("dataset", .left), ("images", .right), ("MB", .right), ("found", .left),
      ])
      var entries: [JSONText.Value] = []
      for manifest in locator.catalog.manifests {
        let location = try datasetCall { () throws(DatasetError) in
          try locator.location(of: manifest)
        }
        table.add([
          manifest.name, "\(manifest.imageCount)",
          manifest.downloadSize.map { fixed(Double($0) / 1e6, 1) } ?? "–",
          whereabouts(manifest, location),
        ])
        entries.append(entry(manifest, location))
      }
      print(json ? try JSONText.text(entries) : table.text, terminator: json ? "\n" : "")
    }

    private func whereabouts(
      _ manifest: DatasetManifest, _ location: (folder: String, imageCount: Int)?
    ) -> String {
      if manifest.generator != nil { return "built in" }
      guard let location else { return "no; rdbench datasets fetch \(manifest.name)" }
      if location.imageCount == manifest.imageCount { return location.folder }
      return "\(location.imageCount) of \(manifest.imageCount) in \(location.folder)"
    }

    private func entry(
      _ manifest: DatasetManifest, _ location: (folder: String, imageCount: Int)?
    ) -> JSONText.Value {
      .object([
        "name": .string(manifest.name), "title": .string(manifest.title),
        "description": .string(manifest.description), "licence": .string(manifest.licence),
        "source": .string(manifest.source), "image_count": .integer(manifest.imageCount),
        "crop_border": .integer(manifest.cropBorder),
        "download_bytes": manifest.downloadSize.map(JSONText.Value.integer) ?? .number(nil),
        "manifest_sha256": .string(manifest.digest),
        "folder": location.map { .string($0.folder) } ?? .number(nil),
        "images_found": .integer(
          manifest.generator == nil ? location?.imageCount ?? 0 : manifest.imageCount),
      ])
    }
  }

  /// `rdbench datasets fetch`.
  struct Fetch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Fetch a named set and check it.",
      discussion: """
        Goes into the folder of --dataset-root, or else the user's cache folder. What is there and \
        right is not fetched again; an interrupted download goes on where it stopped. A file gets \
        its name only after its SHA-256 is right.

        EXAMPLES:
          rdbench datasets fetch kodak
          rdbench datasets fetch clic2020-professional-valid --dataset-root ~/images
        """)

    @Argument(help: "The name of a set, as ‘rdbench datasets list’ shows it.")
    var name: String

    @OptionGroup var datasets: DatasetArguments

    func run() async throws {
      let locator = DatasetLocator(
        roots: [], downloadRoot: datasets.root ?? DatasetLocator.cacheRoot())
      let name = name
      let manifest = try datasetCall { () throws(DatasetError) in
        try locator.manifest(named: name)
      }
      guard manifest.generator == nil else {
        return print("\(name): drawn by rdbench itself, nothing to fetch")
      }
      let verification: DatasetVerification
      do throws(DatasetError) {
        verification = try await locator.fetch(manifest, progress: DownloadLine().handler)
      } catch {
        throw CommandFailure(error.message)
      }
      print(VerificationText(verification: verification).summary)
      if !verification.isAccepted { throw ExitCode(1) }
    }
  }

  /// `rdbench datasets verify`.
  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check the files of a set against its manifest.",
      discussion: """
        Verdicts: ok (the bytes are right), ok_by_pixels (other bytes, the same picture), unverified \
        (no digest is known), wrong_digest, unreadable, missing. The last three are findings and \
        give exit code 1. A folder is checked against the set that it is called after; otherwise \
        its images are read and stay unverified.

        EXAMPLES:
          rdbench datasets verify kodak
          rdbench datasets verify ~/images/kodak --json
        """)

    @Argument(help: ArgumentHelp("The name of a set, or a folder.", valueName: "name|dir"))
    var nameOrPath: String

    @OptionGroup var datasets: DatasetArguments

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
      let (locator, nameOrPath) = (datasets.locator, nameOrPath)
      let verification = try datasetCall { () throws(DatasetError) in
        try locator.verify(nameOrPath: nameOrPath)
      }
      let text = VerificationText(verification: verification)
      print(json ? try text.json : text.table + text.summary)
      if !verification.isAccepted { throw ExitCode(1) }
    }
  }
}

/// What a verification found, for people and for machines.
private struct VerificationText {
  let verification: DatasetVerification

  /// A line for each file.
  var table: String {
    var table = TextTable([("image", .left), ("verdict", .left)])
    for file in verification.files { table.add([file.path, file.verdict.rawValue]) }
    return table.text
  }

  /// One line: how many files have which verdict.
  var summary: String {
    var counts = DatasetVerification.Verdict.allCases
      .map { (name: $0.rawValue, count: verification.count(of: $0)) }
    counts.append((name: "more missing", count: verification.unnamedMissingCount))
    counts.append((name: "too many", count: verification.surplusCount))
    var words = counts.filter { $0.count > 0 }.map { "\($0.count) \($0.name)" }
    switch verification.matchesConcatenatedSHA1 {
    case true?: words.append("all together have the SHA-1 published for the set")
    case false?: words.append("all together do not have the SHA-1 published for the set")
    case nil: break
    }
    let place = [verification.dataset, verification.folder].compactMap { $0 }
    return "\(place.joined(separator: " in ")): \(words.joined(separator: ", "))"
  }

  /// The same as a JSON object.
  var json: String {
    get throws {
      try JSONText.object([
        "dataset": verification.dataset.map(JSONText.Value.string) ?? .number(nil),
        "folder": verification.folder.map(JSONText.Value.string) ?? .number(nil),
        "accepted": .bool(verification.isAccepted),
        "missing_count": .integer(verification.missingCount),
        "surplus_count": .integer(verification.surplusCount),
        "matches_concatenated_sha1":
          verification.matchesConcatenatedSHA1.map(JSONText.Value.bool) ?? .number(nil),
        "files": .list(
          verification.files.map {
            .object(["path": .string($0.path), "verdict": .string($0.verdict.rawValue)])
          }),
      ])
    }
  }
}

/// Makes a dataset's error one that ends the command.
private func datasetCall<Result>(
  _ work: () throws(DatasetError) -> Result
) throws(CommandFailure) -> Result {
  do throws(DatasetError) {
    return try work()
  } catch {
    throw CommandFailure(error.message)
  }
}
