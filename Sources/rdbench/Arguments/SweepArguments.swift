import Benchmarking
import Codecs
import StrictJSON

/// What `--codecs` and `--qualities` say, turned into the sweeps of a plan.
struct SweepArguments {
  /// The value of `--codecs`: comma-separated specs, `all` and `recipes` among them.
  let codecs: String
  /// The values of `--qualities`: `25,50`, or `jpeg:25,50`.
  let qualities: [String]

  private var words: [String] {
    codecs.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  /// The groups of codecs that are named as a whole.
  var groups: [CodecGroup] { words.compactMap(CodecGroup.init) }

  /// The specs of codecs that are named for themselves.
  var specs: [String] { words.filter { CodecGroup(rawValue: $0) == nil } }

  /// The sweeps, in the order in which the codecs were named.
  ///
  /// - Throws: `CommandFailure` for an unknown codec or parameter, a quality off its scale, or bare
  ///   numbers for codecs whose scales differ.
  func sweeps(from registry: CodecRegistry) throws(CommandFailure) -> [Plan.Sweep] {
    var specs: [String] = []
    for word in words {
      if let group = CodecGroup(rawValue: word) {
        specs += try codecCall { () throws(CodecError) in
          try registry.availableCodecs(group).map(\.provider.id)
        }
      } else {
        specs.append(word)
      }
    }
    var configured: [(spec: String, codec: any Codec)] = []
    for spec in specs {
      let codec = try make(spec, from: registry)
      guard !configured.contains(where: { isSame($0.codec, codec) }) else {
        throw CommandFailure("--codecs names \(spec) twice")
      }
      configured.append((spec, codec))
    }

    var chosen: [String: [Double]] = [:]
    for text in qualities {
      let (owner, values) = try parse(text)
      let owners: [String]
      if let owner {
        owners = [try owned(owner, among: configured.map(\.spec))]
      } else {
        owners = try sharedScale(of: configured)
      }
      for spec in owners { chosen[spec, default: []] += values }
    }

    var sweeps: [Plan.Sweep] = []
    for (spec, codec) in configured {
      let points = Plan.Points.qualities(try qualities(chosen[spec], for: codec))
      sweeps.append(Plan.Sweep(codec: codec, points: points))
    }
    return sweeps
  }

  private func make(
    _ spec: String, from registry: CodecRegistry
  ) throws(CommandFailure) -> any Codec {
    do throws(CodecError) {
      return try registry.codec(spec: spec)
    } catch {
      throw CommandFailure(error.message)
    }
  }

  private func isSame(_ a: any Codec, _ b: any Codec) -> Bool {
    a.descriptor.id == b.descriptor.id && a.descriptor.parameters == b.descriptor.parameters
  }

  /// Splits `jpeg:subsampling=444:25,50` into the spec and the numbers; bare numbers have no spec.
  private func parse(_ text: String) throws(CommandFailure) -> (spec: String?, values: [Double]) {
    let colon = text.lastIndex(of: ":")
    let numbers = colon.map { text[text.index(after: $0)...] } ?? text[...]
    var values: [Double] = []
    for number in numbers.split(separator: ",", omittingEmptySubsequences: false) {
      guard let value = Double(number), value.isFinite else {
        throw CommandFailure(
          "--qualities \(text) is not a list of numbers; write 25,50,75 or jpeg:25,50,75")
      }
      values.append(value)
    }
    return (colon.map { String(text[..<$0]) }, values)
  }

  private func owned(_ spec: String, among specs: [String]) throws(CommandFailure) -> String {
    if let wanted = try? CodecSpec(parsing: spec),
      let same = specs.first(where: { (try? CodecSpec(parsing: $0)) == wanted })
    {
      return same
    }
    let hint = didYouMean(spec, in: specs)
    throw CommandFailure("--qualities names \(spec), which --codecs does not\(hint)")
  }

  /// The codecs that bare numbers are for: all that have a scale, if it is one and the same.
  private func sharedScale(
    of configured: [(spec: String, codec: any Codec)]
  ) throws(CommandFailure) -> [String] {
    let scaled = configured.filter { $0.codec.descriptor.qualityScale != nil }
    let kinds = Set(
      scaled.compactMap { entry in
        entry.codec.descriptor.qualityScale.map { "\($0.name) \($0.unit) \($0.direction)" }
      })
    guard kinds.count <= 1 else {
      throw CommandFailure(
        "the chosen codecs have different quality scales; write "
          + scaled.map { "--qualities \($0.spec):…" }.joined(separator: " "))
    }
    return scaled.map(\.spec)
  }

  private func qualities(
    _ values: [Double]?, for codec: any Codec
  ) throws(CommandFailure) -> [Quality] {
    guard let scale = codec.descriptor.qualityScale else {
      guard values == nil else {
        throw CommandFailure(
          "\(codec.descriptor.id) has no quality scale, so it takes no --qualities")
      }
      return [.fixed]
    }
    var seen: Set<Double> = []
    for value in values ?? [] where !seen.insert(value).inserted {
      throw CommandFailure(
        "--qualities names \(formatNumber(value)) twice for \(codec.descriptor.id)")
    }
    let chosen = (values ?? scale.recommendedSweep).map(Quality.value)
    for quality in chosen {
      do throws(CodecError) {
        _ = try codec.descriptor.validate(quality)
      } catch {
        throw CommandFailure("\(codec.descriptor.id): \(error.message)")
      }
    }
    return chosen
  }
}
