import Results

/// What `rdbench --version` prints.
enum Version {
  static let text = BuildInformation.rdbenchVersion
}
