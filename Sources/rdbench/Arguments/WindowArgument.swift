import Analysis

extension CropSelection.Window {
  /// Reads a part of a picture as `--window` names it: `288x192`, its middle, or `288x192+100+50`.
  ///
  /// - Throws: `CommandFailure` that says how it is written.
  init(argument text: String) throws(CommandFailure) {
    guard
      let match = text.wholeMatch(
        of: /([0-9]{1,6})x([0-9]{1,6})(?:\+([0-9]{1,6})\+([0-9]{1,6}))?/),
      let width = Int(match.1), let height = Int(match.2), width > 0, height > 0
    else {
      throw CommandFailure(
        "--window \(text) should be a size in pixels, as 288x192, or a size with a corner, as "
          + "288x192+100+50")
    }
    var origin: (x: Int, y: Int)?
    if let x = match.3.flatMap({ Int($0) }), let y = match.4.flatMap({ Int($0) }) {
      origin = (x, y)
    }
    self.init(size: (width, height), origin: origin)
  }
}
