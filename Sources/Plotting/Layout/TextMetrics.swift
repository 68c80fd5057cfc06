/// How wide a text is, without a font at hand.
///
/// The widths are Helvetica's (Adobe font metrics, thousandths of the font size), which Arial and
/// Liberation Sans share. A viewer that has none of them falls back to a wider face, so a margin is
/// added: labels may then sit a little loosely, but they never run out of the picture.
enum TextMetrics {
  /// How much wider than Helvetica a fallback face may be.
  private static let margin = 1.2

  private static let widths: [Character: Double] = {
    let groups: [(String, Double)] = [
      ("ijl'", 222), (" !.,:;/\\ftI[]|", 278), ("-()r`{}", 333), ("*\"", 389),
      ("ckszvxyJ", 500), ("+<>=~", 584), ("FTZ", 611), ("ABEKPSVXY&", 667), ("CDHNRUw", 722),
      ("GOQ", 778), ("Mm", 833), ("%", 889), ("W", 944), ("@", 1015),
    ]
    var widths: [Character: Double] = [:]
    for (characters, width) in groups {
      for character in characters { widths[character] = width }
    }
    return widths
  }()

  /// The width of a line of text in the unit of `fontSize`.
  static func width(of text: String, fontSize: Double) -> Double {
    let thousandths = text.reduce(0) { $0 + (widths[$1] ?? ($1.isASCII ? 556 : 700)) }
    return thousandths / 1000 * fontSize * margin
  }

  /// A text that is cut from the left, with an ellipsis, until it fits; the end of a file's name
  /// tells more than its beginning.
  static func shortened(_ text: String, width: Double, fontSize: Double) -> String {
    var shown = text
    var rest = text[...]
    while Self.width(of: shown, fontSize: fontSize) > width, rest.count > 1 {
      rest = rest.dropFirst()
      shown = "\u{2026}" + rest
    }
    return shown
  }
}
