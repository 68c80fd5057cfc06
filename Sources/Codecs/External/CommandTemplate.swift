/// One argument of a command, with placeholders such as `{quality}`.
///
/// Braces stand for themselves when they are doubled. An argument stays one argument whatever is
/// put into it: no shell ever sees it.
struct CommandTemplate: Sendable, Equatable {
  private enum Piece: Sendable, Equatable {
    case text(String)
    case placeholder(String)
  }

  private let pieces: [Piece]

  /// Reads an argument.
  ///
  /// - Returns: `nil` for a brace that is neither doubled nor part of a placeholder.
  init?(_ text: String) {
    var pieces: [Piece] = []
    var literal = ""
    var rest = text[...]
    while let character = rest.popFirst() {
      switch character {
      case "{" where rest.first == "{", "}" where rest.first == "}":
        literal.append(rest.removeFirst())
      case "{":
        guard let end = rest.firstIndex(of: "}"), !rest[..<end].contains("{"),
          end != rest.startIndex
        else { return nil }
        if !literal.isEmpty { pieces.append(.text(literal)) }
        literal = ""
        pieces.append(.placeholder(String(rest[..<end])))
        rest = rest[rest.index(after: end)...]
      case "}":
        return nil
      default:
        literal.append(character)
      }
    }
    if !literal.isEmpty { pieces.append(.text(literal)) }
    self.pieces = pieces
  }

  /// The names between braces.
  var placeholders: [String] {
    pieces.compactMap { piece in
      if case .placeholder(let name) = piece { name } else { nil }
    }
  }

  /// The argument with values for its placeholders.
  ///
  /// - Precondition: `values` has each of ``placeholders``.
  func filled(with values: [String: String]) -> String {
    pieces.map { piece in
      switch piece {
      case .text(let text): return text
      case .placeholder(let name):
        guard let value = values[name] else { preconditionFailure("{\(name)} has no value") }
        return value
      }
    }.joined()
  }
}
