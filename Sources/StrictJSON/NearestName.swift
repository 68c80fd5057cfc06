/// The name that was probably meant: the nearest within one edit for words of up to four letters,
/// two for up to seven, three for longer ones.
///
/// Insertion, deletion, substitution and exchange of neighbours count one edit each (optimal string
/// alignment distance).
///
/// - Complexity: O(a · b) for each candidate of length b.
package func nearestName(to name: String, in candidates: [String]) -> String? {
  let limit = name.count <= 4 ? 1 : name.count <= 7 ? 2 : 3
  return
    candidates
    .map { (name: $0, distance: editDistance(Array(name.lowercased()), Array($0.lowercased()))) }
    .filter { $0.distance <= limit && $0.distance < $0.name.count }
    .min { $0.distance < $1.distance }?.name
}

/// What an error about an unknown name ends with: `; did you mean NAME?`, or nothing when no name is
/// near.
package func didYouMean(_ name: String, in candidates: [String]) -> String {
  nearestName(to: name, in: candidates).map { "; did you mean \($0)?" } ?? ""
}

private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var rows = [Array(0...b.count)]
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var best = min(
        rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
      let areSwapped = i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j]
      if areSwapped { best = min(best, rows[i - 1][j - 1] + 1) }
      row.append(best)
    }
    rows.append(row)
  }
  return rows[a.count][b.count]
}
