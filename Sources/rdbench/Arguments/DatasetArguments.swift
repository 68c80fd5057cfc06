import ArgumentParser
import Datasets

/// Where datasets are looked for.
struct DatasetArguments: ParsableArguments {
  @Option(
    name: .customLong("dataset-root"),
    help: ArgumentHelp(
      "A folder that holds datasets, each in a folder of its name.",
      discussion: "Looked at before $RDBENCH_DATASETS and the cache folder.", valueName: "dir"),
    completion: .directory)
  var root: String?

  /// Finds datasets where the options and the environment say.
  var locator: DatasetLocator { DatasetLocator(roots: DatasetLocator.roots(option: root)) }

  /// Finds a dataset, fetching it with progress on a terminal when it has to.
  ///
  /// - Parameter limit: how many of its images to take, or `nil` for all.
  /// - Throws: `CommandFailure` that says what to do.
  func locate(_ nameOrPath: String, limit: Int?) async throws(CommandFailure) -> Dataset {
    let dataset: Dataset
    do throws(DatasetError) {
      dataset = try await locator.dataset(nameOrPath, progress: DownloadLine().handler)
    } catch {
      throw CommandFailure(error.message)
    }
    return limit.map(dataset.prefix) ?? dataset
  }
}
