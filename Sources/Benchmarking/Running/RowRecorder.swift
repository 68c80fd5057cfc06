import Results

/// Takes the measurements of a run and writes rows as soon as they are decided.
///
/// A measurement of a plan is mostly a row of it. Measurements for a budget are not: they are candidates,
/// from which rows can only be chosen when every image has been measured. No other part of a run has
/// the file in its hands, so that nothing of a budget's run is written before ``finish(isComplete:)``.
struct RowRecorder {
  /// What a measurement is.
  private enum Measurements {
    /// A row.
    case rows
    /// A candidate for a row.
    case candidates(BudgetSelection)
  }

  /// What has to be measured.
  let plan: Plan
  /// How many measurements, from the plan's first on, need not be made, because their rows are there.
  let firstPosition: Int
  /// What the run has come to so far.
  var report: RunReport
  private var writer: ResultsWriter
  private var measurements: Measurements

  /// Opens the files of a run.
  ///
  /// - Parameters:
  ///   - plan: the rows that are wanted.
  ///   - folder: where the files go; made when it is not there.
  ///   - identity: which run this is.
  ///   - force: whether a file of another plan may be replaced.
  /// - Throws: ``ResultsError`` when the folder cannot be written, holds the results of another
  ///   plan and `force` is `false`, or is in use by another run.
  init(plan: Plan, folder: String, identity: RunIdentity, force: Bool) throws(ResultsError) {
    var report = RunReport(plan: plan)
    writer = try ResultsWriter(
      folder: folder, plan: plan, identity: identity, force: force, onKeptRow: { report.add($0) })
    self.report = report
    if let selection = BudgetSelection(plan) {
      self.plan = selection.measurements
      firstPosition = 0
      measurements = .candidates(selection)
    } else {
      self.plan = plan
      firstPosition = writer.keptRowCount
      measurements = .rows
    }
  }

  /// How many rows an earlier run of the same kind left.
  var keptRowCount: Int { writer.keptRowCount }

  /// Where the rows of another run that was killed are now, if there were any.
  var rescuedPath: String? { writer.rescuedPath }

  /// Takes a measurement.
  ///
  /// - Parameters:
  ///   - row: what was measured.
  ///   - position: its place in ``plan``.
  /// - Throws: ``ResultsError`` when the disk is full; what is in the file stays.
  mutating func add(_ row: ResultRow, at position: Int) throws(ResultsError) {
    switch measurements {
    case .rows:
      try writer.add(row, at: position)
      report.add(row)
    case .candidates(var selection):
      // Only one value may hold the rows, or each candidate would copy them all.
      measurements = .rows
      selection.add(row, at: position)
      measurements = .candidates(selection)
      report.add(candidate: row)
    }
  }

  /// Ends the measurements: now the rows of a budget are chosen and written.
  ///
  /// - Parameter isComplete: whether all was measured; there is no choice among some images.
  /// - Throws: ``ResultsError`` when the disk is full; what is in the file stays.
  mutating func finish(isComplete: Bool) throws(ResultsError) {
    guard case .candidates(let selection) = measurements, isComplete else { return }
    for (position, row) in selection.rows().enumerated() where position >= keptRowCount {
      try writer.add(row, at: position)
      report.add(row)
    }
  }

  /// Gives the file its name and writes what describes the run.
  ///
  /// - Returns: the path of the results file.
  /// - Throws: ``ResultsError`` when the disk is full or the folder has gone.
  func close(_ metadata: RunMetadata) throws(ResultsError) -> String {
    try writer.finish(metadata)
  }
}
