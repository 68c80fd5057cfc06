import ArgumentParser
import Benchmarking
import Codecs
import ImageMetrics
import Results

/// What a run aims at, in place of qualities.
struct TargetArguments: ParsableArguments {
  @Option(
    name: .customLong("target"),
    help: ArgumentHelp(
      "Search each image's quality for a rate or a score, as bpp=0.25,0.5 or psnr=30,35.",
      discussion:
        "May be given more than once. The row is the measured quality that comes nearest, "
        + "with the target in its column; beyond a codec's range its status is ‘unreachable’.",
      valueName: "figure=list"))
  var lists: [String] = []

  @Option(
    name: .customLong("target-probes"),
    help: ArgumentHelp(
      "The most measurements of an image and a codec for one target.", valueName: "count"))
  var maximumProbes = 16

  @Option(
    name: .customLong("target-total-bytes"),
    help: ArgumentHelp(
      "Choose one quality for each image so that all files of a codec together keep this size.",
      discussion:
        "Of all choices the one with the least squared error, at equal slope. --qualities "
        + "gives the candidates, by default four to each step of the codec's sweep.",
      valueName: "bytes"))
  var totalBytes: Int?

  @Option(
    name: .customLong("target-mean-bpp"),
    help: ArgumentHelp(
      "The same for a size in bits per pixel over the whole set, as 0.15.", valueName: "bits"))
  var meanBitsPerPixel: Double?

  func validate() throws {
    guard maximumProbes >= 1 else { throw ValidationError("--target-probes must be at least 1") }
    guard [!lists.isEmpty, totalBytes != nil, meanBitsPerPixel != nil].count(where: \.self) <= 1
    else {
      throw ValidationError(
        "choose one of --target, --target-total-bytes and --target-mean-bpp")
    }
    guard totalBytes ?? 1 > 0, meanBitsPerPixel ?? 1 > 0 else {
      throw ValidationError("a target size must be more than 0")
    }
  }

  /// The size that all files together shall keep, `nil` when none is asked for.
  var budget: Target? {
    totalBytes.map { Target(.totalBytes, Double($0)) }
      ?? meanBitsPerPixel.map { Target(.meanBitsPerPixel, $0) }
  }

  /// Sweeps that aim at what the options say; as they were when there is no such option.
  ///
  /// - Parameters:
  ///   - sweeps: with qualities, the recommended ones unless `hasQualities`.
  ///   - hasQualities: whether the command line names qualities.
  ///   - leavesOut: whether codecs without a scale are left out with a note, not refused.
  /// - Throws: `CommandFailure` for a target that is none, and for what contradicts it.
  func sweeps(
    _ sweeps: [Plan.Sweep], hasQualities: Bool, leavesOut: Bool
  ) throws(CommandFailure) -> [Plan.Sweep] {
    let targets = try targets()
    if targets.isEmpty, budget == nil { return sweeps }
    guard targets.isEmpty || !hasQualities else {
      throw CommandFailure("--target searches the quality itself; leave out --qualities")
    }
    var aimed: [Plan.Sweep] = []
    for sweep in sweeps {
      let descriptor = sweep.codec.descriptor
      guard let scale = descriptor.qualityScale else {
        guard leavesOut else {
          throw CommandFailure("\(descriptor.id) has no quality scale, so it can aim at nothing")
        }
        Console.note("\(descriptor.id) is left out: it has no quality scale")
        continue
      }
      if let budget {
        let dense = scale.denseSweep().map(Quality.value)
        aimed.append(
          Plan.Sweep(
            codec: sweep.codec,
            points: .budget(budget, candidates: hasQualities ? sweep.points.qualities : dense)))
      } else {
        aimed.append(Plan.Sweep(codec: sweep.codec, points: .targets(targets)))
      }
    }
    return aimed
  }

  /// The metrics that the targets need besides those that were asked for.
  func metrics(_ metrics: [MetricID]) throws(CommandFailure) -> [MetricID] {
    var needed = Set(metrics)
    if budget != nil { needed.insert(.mse) }
    for case .metric(let id) in try targets().map(\.figure) { needed.insert(id) }
    return MetricID.allCases.filter(needed.contains)
  }

  private func targets() throws(CommandFailure) -> [Target] {
    var targets: [Target] = []
    for text in lists {
      guard let equals = text.firstIndex(of: "=") else {
        throw CommandFailure("--target \(text) should be as bpp=0.25,0.5 or psnr=30,35")
      }
      let name = String(text[..<equals])
      let figure = try Self.figure(name)
      let numbers = text[text.index(after: equals)...]
      for number in numbers.split(separator: ",", omittingEmptySubsequences: false) {
        guard let value = Double(number), value.isFinite else {
          throw CommandFailure("--target \(text) has “\(number)”, which is no number")
        }
        let target = Target(figure, value)
        guard !targets.contains(target) else {
          throw CommandFailure("--target names \(target.text) twice")
        }
        targets.append(target)
      }
    }
    return targets
  }

  private static func figure(_ name: String) throws(CommandFailure) -> Target.Figure {
    if name == "bpp" || name == "bits_per_pixel" { return .bitsPerPixel }
    let metrics = try MetricID.argument(name)
    guard metrics.count == 1 else {
      throw CommandFailure("--target aims at one figure, not at \(name)")
    }
    return .metric(metrics[0])
  }
}
