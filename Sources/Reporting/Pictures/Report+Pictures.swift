import Foundation
import Imaging
import Results

extension Report {
  /// Adds the pictures that a run kept.
  ///
  /// - Parameters:
  ///   - selection: which images, at which rates, and how much of them.
  ///   - rows: the rows that the report was started with, each with the folder of its run.
  /// - Throws: ``ReportError`` for a named image without kept pictures, and for a picture that is
  ///   damaged or does not belong to its row.
  public mutating func addPictures(
    _ selection: PictureSelection, rows: [(row: ResultRow, folder: PictureFolder)]
  ) throws(ReportError) {
    precondition(rows.count == self.rows.curve.count, "the rows of the report")
    for image in try chosenImages(selection.images, rows: rows) {
      pictures.append(try picture(of: image, selection, rows: rows))
    }
    if !pictures.isEmpty { picturesNote = selection.note }
  }

  private func chosenImages(
    _ choice: PictureSelection.Images, rows: [(row: ResultRow, folder: PictureFolder)]
  ) throws(ReportError) -> [Int] {
    var kept: [Int] = []
    for (position, entry) in rows.enumerated() {
      let image = self.rows.image[position]
      if case .first(let count) = choice, kept.count == count { break }
      guard !kept.contains(image), isShown(position),
        entry.folder.hasOriginal(of: entry.row.subject),
        entry.folder.hasReconstruction(of: entry.row.subject)
      else { continue }
      kept.append(image)
    }
    guard case .named(let names) = choice else { return kept }
    var chosen: [Int] = []
    for name in names {
      guard let image = kept.first(where: { images[$0].name == name }) else {
        let all = kept.map { images[$0].name }
        let hint = all.isEmpty ? "there are none" : "there are those of \(Self.list(all))"
        throw ReportError(
          message: "the run kept no pictures of \(name), \(hint); ‘rdbench run --keep-images’ "
            + "keeps them")
      }
      if !chosen.contains(image) { chosen.append(image) }
    }
    return chosen
  }

  /// Whether a row can stand in the viewer: measured, and not the original over again.
  private func isShown(_ position: Int) -> Bool {
    rows.status[position] == "ok" && rows.bitsPerPixel[position] ?? 0 > 0
      && !curves[rows.curve[position]].lossless
  }

  private func picture(
    of image: Int, _ selection: PictureSelection,
    rows: [(row: ResultRow, folder: PictureFolder)]
  ) throws(ReportError) -> Picture {
    let candidates = rows.indices.filter {
      self.rows.image[$0] == image && isShown($0)
        && rows[$0].folder.hasReconstruction(of: rows[$0].row.subject)
    }
    let holder = candidates.first { rows[$0].folder.hasOriginal(of: rows[$0].row.subject) }
    guard let holder else { preconditionFailure("a chosen image has an original") }
    let original = try rows[holder].folder.original(of: rows[holder].row)
    let window = selection.window(in: original)
    var sources = [try original.cropped(to: window).dataURI()]
    var entries: [Int: Entry] = [:]
    var rates: [Rate] = []
    for target in selection.rates {
      let nearest = nearestRows(to: target, among: candidates)
      for position in nearest where entries[position] == nil {
        let (row, folder) = rows[position]
        let decoded = try folder.reconstruction(of: row, original: original)
        let source = sources.count
        sources.append(try decoded.cropped(to: window).dataURI())
        var drawings: [Drawing] = []
        for (name, drawing) in try folder.drawings(of: row.subject)
        where drawing.width >= original.width && drawing.height >= original.height {
          drawings.append(Drawing(name: name, source: sources.count))
          sources.append(try drawing.cropped(to: window).dataURI())
        }
        entries[position] = Entry(
          curve: self.rows.curve[position], row: position, source: source, drawings: drawings)
      }
      rates.append(Rate(target: target, entries: nearest.compactMap { entries[$0] }))
    }
    return Picture(
      image: image, window: window, thumbnail: try original.reduced(toFit: (240, 180)).dataURI(),
      sources: sources, rates: rates)
  }

  /// For each curve the row whose rate has the smallest ratio to the target.
  private func nearestRows(to target: Double, among candidates: [Int]) -> [Int] {
    let byCurve = Dictionary(grouping: candidates) { rows.curve[$0] }
    return byCurve.keys.sorted().compactMap { curve in
      byCurve[curve]?.min { distance(of: $0, from: target) < distance(of: $1, from: target) }
    }
  }

  private func distance(of position: Int, from target: Double) -> Double {
    abs(log((rows.bitsPerPixel[position] ?? 0) / target))
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(3).joined(separator: ", ")
    return names.count > 3 ? "\(shown) and \(names.count - 3) more" : shown
  }
}
