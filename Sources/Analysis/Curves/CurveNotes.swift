import RateDistortion

extension CurveSet {
  /// What the reader of a figure has to know: sentences without a full stop.
  func sentences(labels: CurveLabels) -> [String] {
    notes.map { note in
      switch note {
      case .lossless(let key):
        "\(labels[key]) is left out, because it is lossless"
      case .incomplete(let key):
        "\(labels[key]) is left out, because no image was scored at each of its settings"
      case .imagesLeftOut(let dataset, let names, let kept):
        "the curves are over the \(kept) of \(kept + names.count) images of \(dataset) that all "
          + "codecs finished and the metric applies to, without \(Self.list(names))"
      case .noCommonImage(let dataset):
        "the curves on \(dataset) are left out, because they have no image in common"
      case .infiniteScores(let key, let points):
        "\(labels[key]) coded some images without loss at \(points) of its settings; "
          + "the means leave them out there"
      }
    }
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(3).joined(separator: ", ")
    return names.count > 3 ? "\(shown) and \(names.count - 3) more" : shown
  }
}
