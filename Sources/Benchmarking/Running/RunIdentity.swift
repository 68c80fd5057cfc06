import MeasurementStore

/// What two runs must share so that one can go on where the other was broken off.
public struct RunIdentity: Sendable, Equatable {
  /// ``Plan/digest``: what is measured.
  public let planDigest: String
  /// SHA-256 over the plan and everything else that a row depends on: the image files as they lie
  /// there (size and modification time), the program, the machine, how calls are timed, and settings.
  public let fingerprint: String

  /// The identity of a run.
  ///
  /// - Parameters:
  ///   - plan: what is measured.
  ///   - conditions: how calls are timed.
  ///   - settings: what else decides rows, such as limits of time and memory.
  public init(plan: Plan, conditions: TimingConditions, settings: [String] = []) {
    planDigest = plan.digest
    var encoding = CanonicalEncoding()
    encoding.append(planDigest)
    encoding.append(ProgramIdentity.stamp)
    encoding.append(conditions.text(threadCount: 0))
    for image in plan.images { encoding.append(image.fileStamp) }
    for setting in settings { encoding.append(setting) }
    fingerprint = encoding.digest
  }
}
