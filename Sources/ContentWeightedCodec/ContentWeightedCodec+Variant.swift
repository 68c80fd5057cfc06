import Codecs
import LearnedCodecs

extension ContentWeightedCodec {
  /// Which of the two codecs one is.
  enum Variant: CaseIterable, Sendable {
    /// `cw`.
    case withImportanceMap
    /// `cw-no-importance`.
    case withoutImportanceMap

    /// Its files, which <doc:ContentWeightedBitstream> describes.
    var fileKind: FileKind {
      FileKind(
        byte: self == .withImportanceMap ? 0x57 : 0x4E,
        codecID: self == .withImportanceMap ? "cw" : "cw-no-importance",
        sections: [
          .init(.importanceMap, isAlwaysEmpty: self == .withoutImportanceMap), .init(.codes),
        ],
        coders: CoderID.allCases.map(\.word))
    }

    /// One phrase for `rdbench codecs`.
    var summary: String {
      switch self {
      case .withImportanceMap: "content-weighted learned codec (Li et al. 2017)"
      case .withoutImportanceMap: "the learned codec without importance map, its baseline"
      }
    }

    /// The name for people and plots.
    var displayName: String {
      switch self {
      case .withImportanceMap: "Content-weighted"
      case .withoutImportanceMap: "Content-weighted, no importance map"
      }
    }

    /// The usual file name extension.
    var fileExtension: String {
      switch self {
      case .withImportanceMap: "cw"
      case .withoutImportanceMap: "cwn"
      }
    }
  }
}
