import Files

/// A codec that is a pair of command-line programs, as a recipe file describes it.
///
/// A recipe is JSON; <doc:OutsideCodecs> explains its keys. ``init(data:fileName:folder:)`` reads
/// one strictly, ``provider`` makes a codec of it.
public struct CodecRecipe: Sendable, Equatable {
  /// The version of the keys and of their meaning.
  public static let schema = 1
  /// What every recipe's name begins with, so that results tell outside codecs from built-in ones.
  public static let namePrefix = "recipe-"

  /// How a program reads or writes pictures.
  public enum PictureFormat: String, Sendable, Decodable {
    /// PNG, 8 bits per sample.
    case png
    /// Binary PNM, 8 bits per sample.
    case ppm
  }

  /// How to ask a program for its version.
  public struct Version: Sendable, Equatable {
    /// Program and arguments, without placeholders but `{recipe_folder}`.
    let command: [CommandTemplate]
    /// A regular expression whose first group is the version in what the program prints.
    let pattern: String
  }

  /// Where a program says how long it worked.
  public struct Seconds: Sendable, Equatable {
    /// A file in the working folder; `stdout.txt` and `stderr.txt` are what the program prints.
    let file: String
    /// A regular expression whose first group is the number, or `nil` for a file with a bare number.
    let pattern: String?
  }

  /// A program with its arguments.
  public struct Step: Sendable, Equatable {
    /// The program, then its arguments, with placeholders.
    let command: [CommandTemplate]
    /// Where the program reports its own time, if it does.
    let seconds: Seconds?
  }

  /// The codec's id, which begins with ``namePrefix``.
  public let name: String
  /// The name for people and plots.
  public let title: String
  /// One phrase for `rdbench codecs`.
  public let summary: String
  /// The library or program that does the work, as in the `codec_version` column.
  public let library: String
  /// The usual file name extension, without the dot.
  public let fileExtension: String
  /// How to ask for the version.
  let version: Version
  /// How the encoder reads pictures.
  let inputFormat: PictureFormat
  /// How the decoder writes them.
  let outputFormat: PictureFormat
  /// Whether the encoder takes grey pictures; otherwise it gets them as RGB.
  let takesGray: Bool
  /// What the quality means, or `nil` for a codec without a knob.
  let qualityScale: QualityScale?
  /// What a spec string may set.
  let parameters: [CodecParameter]
  /// The encoder.
  let encode: Step
  /// The decoder.
  let decode: Step
  /// Variables for the programs, in addition to those of rdbench itself.
  let environment: [String: String]
  /// The number of threads that a call uses, as the `threads` column says it.
  let threadCount: Int
  /// Seconds after which a program is killed.
  let timeoutSeconds: Double
  /// The most bytes that a program may write before it is killed.
  let outputLimit: Int
  /// The folder of the recipe file, or `nil` for a recipe that comes with rdbench.
  let folder: String?
  /// SHA-256 of the recipe and its ``companionFiles``, which whoever reads them sets.
  public var digest: String?

  /// The files beside the recipe that its commands name, scripts and configurations, each once.
  public var companionFiles: [String] {
    guard let folder else { return [] }
    var files: [String] = []
    for command in [version.command, encode.command, decode.command] {
      for (index, argument) in command.enumerated()
      where argument.placeholders.allSatisfy({ $0 == "recipe_folder" }) {
        let text = argument.filled(with: ["recipe_folder": folder])
        let isProgramPath = index == 0 && text.contains("/")
        guard isProgramPath || !argument.placeholders.isEmpty else { continue }
        let path = text.hasPrefix("/") ? text : "\(folder)/\(text)"
        if PlainFile.size(at: path) != nil, !files.contains(path) { files.append(path) }
      }
    }
    return files
  }
}
