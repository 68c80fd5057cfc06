/// Words that stand for several codecs, in lists of them.
public enum CodecGroup: String, CaseIterable, Sendable {
  /// Every codec of this build.
  case all
  /// Every outside codec, made from a recipe.
  case recipes

  /// The group that a codec belongs to.
  public init(of provider: CodecProvider) {
    self = provider.isRecipe ? .recipes : .all
  }
}

extension CodecRegistry {
  /// The codecs of a group that can run here, in their default configuration.
  ///
  /// Those that cannot, such as a learned codec without weights, are left out.
  ///
  /// - Throws: `CodecError` when one cannot be made for another reason than that it is unavailable.
  public func availableCodecs(
    _ group: CodecGroup
  ) throws(CodecError) -> [(provider: CodecProvider, codec: any Codec)] {
    var available: [(CodecProvider, any Codec)] = []
    for provider in providers where CodecGroup(of: provider) == group {
      do throws(CodecError) {
        available.append((provider, try provider.codec(from: self)))
      } catch {
        guard error.kind == .unavailable else { throw error }
      }
    }
    return available
  }

  /// Which codecs of a group ``availableCodecs(_:)`` leaves out, and why: sentences without a full stop.
  public func notesOnUnavailableCodecs(_ group: CodecGroup) -> [String] {
    var notes: [String] = []
    for provider in providers where CodecGroup(of: provider) == group {
      do throws(CodecError) {
        _ = try provider.codec(from: self)
      } catch {
        notes.append("\(provider.id) is left out: \(error.message)")
      }
    }
    return notes
  }
}
