import Codecs
import Files

/// The layout of the `images/` folder beside `results.csv`: where each row's pictures are.
///
/// Paths follow from the row alone:
///
///     images/DATASET/IMAGE/original.png
///     images/DATASET/IMAGE/CODEC@QUALITY@PARAMETERS.png
///     images/DATASET/IMAGE/CODEC@QUALITY@PARAMETERS@importance-map.png
///
/// DATASET, IMAGE, CODEC and PARAMETERS are the row's columns, QUALITY is the shortest text of the
/// number, or `fixed`. Each is written so that it is safe in any file system and nothing is
/// ambiguous: `;` becomes `+`, and every byte of its UTF-8 that is neither an ASCII letter or digit
/// nor one of `-`, `_`, `.`, `,` and `=` becomes `%` and two upper-case hexadecimal digits, as does
/// a dot at the beginning. A name of more than 200 bytes is cut to its first 160, followed by `~`
/// and the first 32 hexadecimal digits of the SHA-256 of the whole.
public enum KeptPictures {
  /// The folder's name.
  public static let folderName = "images"

  /// The path of the original beside `results.csv`.
  public static func originalPath(dataset: String, image: String) -> String {
    "\(folder(dataset: dataset, image: image))/original.png"
  }

  /// The path of a reconstruction beside `results.csv`.
  public static func reconstructionPath(of subject: ResultRow.Subject) -> String {
    path(of: subject, fields: [])
  }

  /// The path of a drawing of side information beside `results.csv`.
  ///
  /// - Parameters:
  ///   - subject: the row.
  ///   - name: what `SideInformationPicture.name` says.
  public static func sideInformationPath(
    of subject: ResultRow.Subject, name: String
  ) -> String {
    path(of: subject, fields: [name])
  }

  private static func folder(dataset: String, image: String) -> String {
    [folderName, shortened(escaped(dataset)), shortened(escaped(image))].joined(separator: "/")
  }

  private static func path(of subject: ResultRow.Subject, fields: [String]) -> String {
    let quality = subject.quality.number.map(formatNumber) ?? "fixed"
    let stem = ([subject.codec, quality, subject.parameters] + fields).map(escaped)
      .joined(separator: "@")
    return "\(folder(dataset: subject.dataset, image: subject.image))/\(shortened(stem)).png"
  }

  private static let plainBytes = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.,=".utf8)

  private static func escaped(_ text: String) -> String {
    var result = ""
    for (index, byte) in text.utf8.enumerated() {
      if byte == UInt8(ascii: ";") {
        result += "+"
      } else if plainBytes.contains(byte), index > 0 || byte != UInt8(ascii: ".") {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        result += byte < 16 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return result
  }

  /// File systems take 255 bytes to a name.
  private static func shortened(_ name: String) -> String {
    guard name.utf8.count > 200 else { return name }
    let digest = SHA256Digest.hexadecimal(of: Array(name.utf8))
    return "\(name.prefix(160))~\(digest.prefix(32))"
  }
}
