/// Divides a budget of bytes among images so that their total squared error is smallest.
///
/// Each image brings the qualities that were measured. Only those on the lower convex hull of its
/// squared error over its bytes can be part of an optimum for some budget; along the hull the slope,
/// the error removed by one more byte, falls. Starting from each image's smallest file, the steps of
/// all hulls are taken in order of their slope until the next one would exceed the budget, so that
/// all images end at nearly one slope, and what is left is spent on the steps that still fit
/// (Shoham and Gersho 1988, "Efficient bit allocation for an arbitrary set of quantizers", with the
/// fill-up of the last bytes).
struct BudgetAllocation {
  /// One image at one quality.
  struct Choice: Equatable {
    /// The place of its row among the image's rows.
    let index: Int
    /// The size of its file in bytes.
    let bytes: Int
    /// The sum of squared differences over all samples of the picture.
    let squaredError: Double
  }

  /// For each image the index of its chosen row.
  let chosen: [Int]
  /// The bytes of all chosen files.
  let totalBytes: Int

  /// Chooses a row for each image.
  ///
  /// - Parameters:
  ///   - images: for each image at least one choice.
  ///   - budget: the bytes that all files together may have.
  /// - Returns: the allocation, or `nil` when even the smallest files exceed the budget.
  init?(_ images: [[Choice]], budget: Int) {
    let hulls = images.map(Self.hull)
    var positions = [Int](repeating: 0, count: images.count)
    var total = hulls.reduce(0) { $0 + $1[0].bytes }
    guard total <= budget else { return nil }

    var steps: [Step] = []
    for (image, hull) in hulls.enumerated() {
      for (position, (from, to)) in zip(hull, hull.dropFirst()).enumerated() {
        steps.append(Step(image: image, position: position + 1, from: from, to: to))
      }
    }
    // Equal slopes in the order of the images, so that the same input gives the same output.
    steps.sort { ($1.slope, $0.image, $0.position) < ($0.slope, $1.image, $1.position) }
    for step in steps where positions[step.image] == step.position - 1 {
      guard total + step.bytes <= budget else { continue }
      positions[step.image] = step.position
      total += step.bytes
    }
    chosen = zip(hulls, positions).map { $0[$1].index }
    totalBytes = total
  }

  /// From one point of a hull to the next.
  private struct Step {
    let image: Int
    let position: Int
    let bytes: Int
    let slope: Double

    init(image: Int, position: Int, from: Choice, to: Choice) {
      self.image = image
      self.position = position
      bytes = to.bytes - from.bytes
      slope = (from.squaredError - to.squaredError) / Double(bytes)
    }
  }

  /// The lower convex hull of squared error over bytes, from the smallest file to the best picture.
  static func hull(_ choices: [Choice]) -> [Choice] {
    let sorted = choices.sorted {
      ($0.bytes, $0.squaredError, $0.index) < ($1.bytes, $1.squaredError, $1.index)
    }
    var hull: [Choice] = []
    for choice in sorted {
      if let last = hull.last, choice.squaredError >= last.squaredError { continue }
      while hull.count >= 2, !isBelow(hull[hull.count - 1], hull[hull.count - 2], choice) {
        hull.removeLast()
      }
      hull.append(choice)
    }
    return hull
  }

  /// Whether a point lies below the line from the one before to the one after.
  private static func isBelow(_ point: Choice, _ before: Choice, _ after: Choice) -> Bool {
    let first = (before.squaredError - point.squaredError) * Double(after.bytes - point.bytes)
    let second = (point.squaredError - after.squaredError) * Double(point.bytes - before.bytes)
    return first > second
  }
}
