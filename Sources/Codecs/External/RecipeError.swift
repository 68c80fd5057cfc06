/// Why a recipe file cannot be used: one sentence that names the file and the key.
public struct RecipeError: Error, Sendable, Equatable {
  /// What is wrong, for people: one sentence without a full stop.
  public let message: String

  init(_ message: String) {
    self.message = message
  }
}
