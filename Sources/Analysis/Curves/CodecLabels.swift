import Codecs
import RateDistortion

/// Other names for codecs and for single configurations of them, as `--label` gives them.
public struct CodecLabels: Sendable {
  /// Names of codecs whatever their parameters are, by id; also of published curves.
  private var codecs: [String: String] = [:]
  /// Names of configurations.
  private var configurations: [(spec: CodecSpec, name: String)] = []

  /// No other names.
  public init() {}

  /// Reads a spec and a name with an equals sign between for each: `jpeg2000=JPEG 2000`,
  /// `cw:entropy=cabac=Ours: with CABAC` (`CodecSpec.split`).
  ///
  /// - Throws: ``AnalysisError`` for a text without a name.
  public init(_ texts: [String]) throws(AnalysisError) {
    for text in texts {
      if let (spec, name) = CodecSpec.split(text) {
        if spec.parameters.isEmpty {
          codecs[spec.id] = name
        } else {
          configurations.append((spec, name))
        }
      } else if let equals = text.firstIndex(of: "="), text[..<equals].contains(" ") {
        // The name of a published curve, such as ‘BPG 4:4:4’, is no spec.
        codecs[String(text[..<equals])] = String(text[text.index(after: equals)...])
      } else {
        throw AnalysisError(
          "--label \(text) should be codec=name, such as jpeg2000=\"JPEG 2000\" or "
            + "jpeg:subsampling=444=\"JPEG 4:4:4\"")
      }
    }
  }

  /// The names of curves that a configuration's label gives them whole: of several that fit, the one
  /// with the most parameters.
  func wholeNames(of keys: [CurveKey]) -> [CurveKey: String] {
    var names: [CurveKey: String] = [:]
    for key in keys {
      let configuration = CodecSpec(key)
      names[key] =
        configurations.filter { $0.spec.includes(configuration) }
        .max { $0.spec.parameters.count < $1.spec.parameters.count }?.name
    }
    return names
  }

  /// The name of a codec, by its id.
  var codecNames: [String: String] { codecs }
}

extension CurveLabels {
  /// Names curves, with the names that the user gave them.
  init(_ keys: [CurveKey], names: CodecLabels) {
    self.init(keys, names: names.codecNames, wholeNames: names.wholeNames(of: keys))
  }
}

extension CodecSpec {
  /// The configuration of a curve.
  init(_ key: CurveKey) {
    self.init(id: key.codec, canonicalParameters: key.parameters)
  }

  /// The specs of a comma-separated list.
  ///
  /// - Throws: ``AnalysisError`` for what is no spec.
  public static func selection(_ text: String) throws(AnalysisError) -> [CodecSpec] {
    try text.split(separator: ",").map { part throws(AnalysisError) in try selected(String(part)) }
  }

  /// The configurations that a text names.
  ///
  /// - Throws: ``AnalysisError`` for what is no spec.
  static func selected(_ text: String) throws(AnalysisError) -> CodecSpec {
    do throws(CodecError) {
      return try CodecSpec(parsing: text)
    } catch {
      throw AnalysisError(error.message)
    }
  }

  /// The configurations of a list that this names.
  ///
  /// - Throws: ``AnalysisError`` when there are none: which codecs or parameters there are.
  func matches(among keys: [CurveKey]) throws(AnalysisError) -> [CurveKey] {
    let named = keys.filter { $0.codec == id }
    guard !named.isEmpty else {
      throw AnalysisError.noResults(of: id, available: keys.map(\.codec).withoutRepeats)
    }
    let matching = named.filter { includes(CodecSpec($0)) }
    guard !matching.isEmpty else {
      let wanted = parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      throw AnalysisError(
        "no configuration of \(id) has \(wanted.joined(separator: ", ")), there are "
          + Set(named.map(\.parameters)).sorted().joined(separator: " or "))
    }
    return matching
  }
}
