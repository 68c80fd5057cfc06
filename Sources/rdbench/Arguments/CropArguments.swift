import Analysis
import ArgumentParser
import Codecs

/// The options of `rdbench figures 5`.
struct CropArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp("The rate of figure 5 in bits per pixel.", valueName: "bits"))
  var rate = 0.25

  @Option(
    help: ArgumentHelp(
      "The codecs of figure 5 in the order of its crops, as cw or cw:entropy=cabac, separated by "
        + "commas. (default: all but lossless ones)",
      valueName: "specs"))
  var codecs: String?

  @Option(
    help: ArgumentHelp(
      "The part of the images that figure 5 shows, from the middle unless a corner is given.",
      discussion: "May be given once for each image, as kodim21.png:160x120+300+200. (default: "
        + "160x120, or as much as there is)", valueName: "[image:]WxH[+X+Y]"))
  var window: [String] = []

  @Option(help: ArgumentHelp("How many crops of figure 5 stand in a row.", valueName: "count"))
  var columns = 3

  @Option(
    help: ArgumentHelp(
      "Another name for a codec, or for a configuration, in figure 5.", valueName: "spec=name"))
  var label: [String] = []

  func validate() throws {
    guard rate.isFinite, rate > 0 else { throw ValidationError("--rate must be more than 0") }
    guard columns >= 1 else { throw ValidationError("--columns must be at least 1") }
  }

  /// What the options ask for.
  ///
  /// - Parameter images: the images, or `nil` for the first two.
  /// - Throws: `CommandFailure` for what is no window or no name, and for two windows of an image.
  func selection(images: [String]?) throws(CommandFailure) -> CropSelection {
    let chosen = try codecs.map { text throws(CommandFailure) -> [CodecSpec] in
      try failing { () throws(AnalysisError) in try CodecSpec.selection(text) }
    }
    let names = try failing { () throws(AnalysisError) in try CodecLabels(label) }
    var windows: [String?: CropSelection.Window] = [:]
    for text in window {
      let colon = text.lastIndex(of: ":")
      let image = colon.map { String(text[..<$0]) }
      guard windows[image] == nil else {
        throw CommandFailure("--window is given twice for \(image ?? "all images")")
      }
      windows[image] = try CropSelection.Window(
        argument: colon.map { String(text[text.index(after: $0)...]) } ?? text)
    }
    let otherWindow = windows.removeValue(forKey: nil)
    return CropSelection(
      rate: rate, images: images, codecs: chosen, names: names,
      windows: Dictionary(
        uniqueKeysWithValues: windows.compactMap { image, window in image.map { ($0, window) } }),
      otherWindow: otherWindow)
  }
}
