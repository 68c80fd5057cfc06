/// An SVG element that is written the same way every time.
///
/// Attributes keep the order in which they were given, numbers have at most two digits after the
/// point, and nothing depends on the machine, the locale or the clock.
public struct SVGElement: Sendable {
  private let name: String
  private var attributes: [(name: String, value: String)]
  private var content: Content

  private enum Content: Sendable {
    case text(String)
    case children([SVGElement])
  }

  /// An element that holds other elements.
  public init(
    _ name: String, _ attributes: KeyValuePairs<String, any SVGValue> = [:],
    children: [SVGElement] = []
  ) {
    self.name = name
    self.attributes = attributes.map { ($0.key, $0.value.svgText) }
    self.content = .children(children)
  }

  /// An element that holds text.
  public init(
    _ name: String, _ attributes: KeyValuePairs<String, any SVGValue> = [:], text: String
  ) {
    self.name = name
    self.attributes = attributes.map { ($0.key, $0.value.svgText) }
    self.content = .text(text)
  }

  /// Adds a child after the others.
  ///
  /// - Precondition: the element does not hold text.
  public mutating func append(_ child: SVGElement) {
    guard case .children(let children) = content else {
      preconditionFailure("\(name) holds text")
    }
    content = .children(children + [child])
  }

  /// The element as a document of its own, with a line for each element.
  public var document: String {
    var output = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    write(to: &output, indent: 0)
    return output
  }

  private func write(to output: inout String, indent: Int) {
    output += String(repeating: " ", count: indent) + "<" + name
    for attribute in attributes {
      output += " \(attribute.name)=\"\(Self.escape(attribute.value))\""
    }
    switch content {
    case .text(let text):
      output += ">\(Self.escape(text))</\(name)>\n"
    case .children(let children) where children.isEmpty:
      output += "/>\n"
    case .children(let children):
      output += ">\n"
      for child in children { child.write(to: &output, indent: indent + 1) }
      output += String(repeating: " ", count: indent) + "</\(name)>\n"
    }
  }

  /// Replaces the characters that XML reserves and those that it forbids.
  private static func escape(_ text: String) -> String {
    var output = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": output += "&amp;"
      case "<": output += "&lt;"
      case ">": output += "&gt;"
      case "\"": output += "&quot;"
      case "\t", "\n", "\r": output += " "
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
        output += "\u{FFFD}"
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output
  }
}

/// A value that an attribute can have.
public protocol SVGValue: Sendable {
  /// The value as it is written, before escaping.
  var svgText: String { get }
}

extension String: SVGValue {
  /// The text itself.
  public var svgText: String { self }
}

extension Double: SVGValue {
  /// The number with at most two digits after the point.
  public var svgText: String { FixedDecimal.shortest(self, fractionDigits: 2) }
}
