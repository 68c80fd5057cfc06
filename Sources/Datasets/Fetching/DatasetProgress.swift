/// How far a download is.
public struct DatasetProgress: Sendable, Equatable {
  /// Takes news of a download, on any thread.
  public typealias Handler = @Sendable (DatasetProgress) -> Void

  /// The file that is being fetched.
  public let file: String
  /// The bytes of it that are there, earlier attempts included.
  public let completedBytes: Int
  /// The bytes that it has, when known.
  public let totalBytes: Int?
}
