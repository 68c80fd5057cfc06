struct DatasetFetcher: Sendable {
  func fetch(
    _ manifest: DatasetManifest, into folder: String, progress: DatasetProgress.Handler?
  ) async throws(DatasetError) {
    throw DatasetError(.network, "fetching is not there yet")
  }
}
