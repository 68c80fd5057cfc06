import ArgumentParser
import MeasurementStore

/// Which store of measurements a command uses.
struct CacheArguments: ParsableArguments {
  @Option(
    name: .customLong("cache-dir"),
    help: ArgumentHelp(
      "The folder with measurements that were made before.",
      discussion: "Else that of $RDBENCH_CACHE, else one in the user's cache folder.",
      valueName: "dir"),
    completion: .directory)
  var folder: String?

  /// Where the store is.
  var location: MeasurementStore.Location { MeasurementStore.Location(option: folder) }

  /// Opens the store.
  ///
  /// - Throws: `CommandFailure` that says what to do.
  func open() throws(CommandFailure) -> MeasurementStore {
    let path = location.path
    return try storeCall { () throws(StoreError) in try MeasurementStore(path: path) }
  }
}

/// Makes a store's error one that ends the command.
func storeCall<Result>(
  _ work: () throws(StoreError) -> Result
) throws(CommandFailure) -> Result {
  do throws(StoreError) {
    return try work()
  } catch {
    throw CommandFailure(error.message)
  }
}
