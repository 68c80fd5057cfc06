/// Other names for codecs, as `--label jpeg2000="JPEG 2000"` gives them.
struct CodecNames {
  /// The names by codec id.
  let names: [String: String]

  /// Reads `codec=name` for each.
  ///
  /// - Throws: `CommandFailure` for one without an equals sign.
  init(_ texts: [String]) throws(CommandFailure) {
    var names: [String: String] = [:]
    for text in texts {
      guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
        throw CommandFailure("--label \(text) should be codec=name, such as jpeg2000=\"JPEG 2000\"")
      }
      names[String(text[..<equals])] = String(text[text.index(after: equals)...])
    }
    self.names = names
  }
}
