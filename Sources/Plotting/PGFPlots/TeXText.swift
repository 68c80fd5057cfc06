/// Text for LaTeX in which nothing is a command.
public enum TeXText {
  /// The text with the characters escaped that LaTeX reserves; control characters become spaces.
  public static func escaped(_ text: String) -> String {
    text.map { character in
      switch character {
      case "\\": "\\textbackslash{}"
      case "~": "\\textasciitilde{}"
      case "^": "\\textasciicircum{}"
      case "<": "\\textless{}"
      case ">": "\\textgreater{}"
      case "\u{2212}": "\\ensuremath{-}"
      case "\u{2026}": "\\dots{}"
      case "&", "%", "$", "#", "_", "{", "}": "\\\(character)"
      default:
        character.isNewline || character.asciiValue.map { $0 < 32 } == true
          ? " " : String(character)
      }
    }.joined()
  }
}
