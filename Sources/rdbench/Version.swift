import Benchmarking

/// What `rdbench --version` prints.
enum Version {
  static let text = BuildInformation.rdbenchVersion
}
