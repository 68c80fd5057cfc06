import Foundation
import StrictJSON

extension DatasetManifest {
  /// Reads a manifest.
  ///
  /// - Parameters:
  ///   - data: UTF-8 JSON.
  ///   - fileName: how errors call the file.
  ///   - filesOf: looks up the manifest whose files this one shares (`files_of`).
  /// - Throws: ``DatasetError`` of kind `invalidManifest` that names the file and the place in it.
  public init(
    data: Data, fileName: String, filesOf: (String) throws(DatasetError) -> DatasetManifest?
  ) throws(DatasetError) {
    func invalid(_ problem: String) -> DatasetError {
      DatasetError(.invalidManifest, "the dataset manifest \(fileName) is not valid: \(problem)")
    }
    let contents: Contents
    do throws(StrictDecodingError) {
      contents = try decodeStrictly(Contents.self, from: data)
    } catch {
      throw invalid(error.problem)
    }
    let files: [File]
    switch (contents.files, contents.filesOf) {
    case (let own?, nil):
      files = own
    case (nil, let name?):
      guard let other = try filesOf(name) else {
        throw invalid("files_of names \(name), which is no dataset")
      }
      files = other.files
    default:
      throw invalid("it needs either files or files_of")
    }
    self.init(
      name: contents.name, title: contents.title, description: contents.description,
      licence: contents.licence, source: contents.source, folder: contents.folder,
      imageCount: contents.imageCount, cropBorder: contents.cropBorder ?? 0,
      concatenatedSHA1: contents.concatenatedSHA1, archive: contents.archive,
      generator: contents.generator, files: files)
    if contents.schema != Self.schema {
      throw invalid("schema is \(contents.schema), this program reads \(Self.schema)")
    }
    if let problem = firstProblem { throw invalid(problem) }
  }

  /// The keys of a manifest as they are written.
  private struct Contents: Decodable {
    let schema: Int
    let name, title, description, licence, source, folder: String
    let imageCount: Int
    let cropBorder: Int?
    let concatenatedSHA1: String?
    let archive: Archive?
    let generator: Generator?
    let files: [File]?
    let filesOf: String?

    enum CodingKeys: String, CodingKey, CaseIterable {
      case schema, name, title, description, licence, source, folder, archive, generator, files
      case imageCount = "image_count"
      case cropBorder = "crop_border"
      case concatenatedSHA1 = "concatenated_sha1"
      case filesOf = "files_of"
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
      schema = try values.decode(Int.self, forKey: .schema)
      name = try values.decode(String.self, forKey: .name)
      title = try values.decode(String.self, forKey: .title)
      description = try values.decode(String.self, forKey: .description)
      licence = try values.decode(String.self, forKey: .licence)
      source = try values.decode(String.self, forKey: .source)
      folder = try values.decode(String.self, forKey: .folder)
      imageCount = try values.decode(Int.self, forKey: .imageCount)
      cropBorder = try values.decodeIfPresent(Int.self, forKey: .cropBorder)
      concatenatedSHA1 = try values.decodeIfPresent(String.self, forKey: .concatenatedSHA1)
      archive = try values.decodeIfPresent(Archive.self, forKey: .archive)
      generator = try values.decodeIfPresent(Generator.self, forKey: .generator)
      files = try values.decodeIfPresent([File].self, forKey: .files)
      filesOf = try values.decodeIfPresent(String.self, forKey: .filesOf)
    }
  }
}

extension DatasetManifest.File: Decodable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case path, url, size, sha256, width, height
    case pixelsSHA256 = "pixels_sha256"
  }

  /// Reads one element of `files`, refusing unknown keys.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    path = try values.decode(String.self, forKey: .path)
    url = try values.decodeIfPresent(URL.self, forKey: .url)
    size = try values.decodeIfPresent(Int.self, forKey: .size)
    sha256 = try values.decodeIfPresent(String.self, forKey: .sha256)
    width = try values.decode(Int.self, forKey: .width)
    height = try values.decode(Int.self, forKey: .height)
    pixelsSHA256 = try values.decode(String.self, forKey: .pixelsSHA256)
  }
}

extension DatasetManifest.Archive: Decodable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case url, size, sha256, folder
    case sha256Source = "sha256_source"
  }

  /// Reads `archive`, refusing unknown keys.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    url = try values.decode(URL.self, forKey: .url)
    size = try values.decode(Int.self, forKey: .size)
    sha256 = try values.decode(String.self, forKey: .sha256)
    sha256Source = try values.decodeIfPresent(String.self, forKey: .sha256Source)
    folder = try values.decode(String.self, forKey: .folder)
  }
}

extension DatasetManifest.Generator: Decodable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case seed
  }

  /// Reads `generator`, refusing unknown keys.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
    seed = try values.decode(UInt64.self, forKey: .seed)
  }
}
