import Codecs

/// Words that stand for several codecs, in lists of them.
enum CodecGroup: String, CaseIterable {
  /// Every codec of this build.
  case all
  /// Every outside codec, made from a recipe.
  case recipes

  /// The group that a codec belongs to.
  init(of provider: CodecProvider) {
    self = provider.isRecipe ? .recipes : .all
  }
}

extension CodecRegistry {
  /// The codecs of a group that can run here, in their default configuration.
  ///
  /// Those that cannot, such as a learned codec without weights, are left out.
  func availableCodecs(
    _ group: CodecGroup
  ) throws(CommandFailure) -> [(provider: CodecProvider, codec: any Codec)] {
    var available: [(CodecProvider, any Codec)] = []
    for provider in providers where CodecGroup(of: provider) == group {
      do throws(CodecError) {
        available.append((provider, try provider.codec()))
      } catch {
        guard error.kind == .unavailable else { throw CommandFailure(error.message) }
      }
    }
    return available
  }

  /// Says which codecs of a group ``availableCodecs(_:)`` leaves out, and why.
  func noteUnavailableCodecs(_ group: CodecGroup) {
    for provider in providers where CodecGroup(of: provider) == group {
      do throws(CodecError) {
        _ = try provider.codec()
      } catch {
        Console.note("\(provider.id) is left out: \(error.message)")
      }
    }
  }
}
