import Foundation
import StrictJSON

extension CodecRecipe {
  /// Reads a recipe.
  ///
  /// - Parameters:
  ///   - data: UTF-8 JSON.
  ///   - fileName: how errors call the file.
  ///   - folder: the file's folder, for `{recipe_folder}` and programs with a relative path; `nil`
  ///     where there is none.
  /// - Throws: ``RecipeError`` for text that is not JSON, an unknown or missing key, a value of the
  ///   wrong type, and everything that makes no sense.
  public init(data: Data, fileName: String, folder: String?) throws(RecipeError) {
    let contents: Contents
    do throws(StrictDecodingError) {
      contents = try decodeStrictly(Contents.self, from: data)
    } catch {
      throw RecipeError("the recipe \(fileName) is not valid: \(error.problem)")
    }
    do throws(RecipeProblem) {
      try self.init(contents, folder: folder)
    } catch {
      throw RecipeError("the recipe \(fileName) is not valid: \(error.key): \(error.problem)")
    }
  }

  /// The keys of a recipe as they are written.
  struct Contents: Decodable {
    let schema: Int
    let name, title, summary, library: String
    let fileExtension: String
    let version: VersionContents
    let inputFormat, outputFormat: PictureFormat
    let gray: Bool
    let quality: QualityContents?
    let parameters: [ParameterContents]
    let encode, decode: StepContents
    let environment: [String: String]
    let threads: Int
    let timeoutSeconds: Double
    let outputLimitBytes: Int

    enum CodingKeys: String, CodingKey, CaseIterable {
      case schema, name, title, summary, library, version, gray, quality, parameters, encode
      case decode, environment, threads
      case fileExtension = "extension"
      case inputFormat = "input_format"
      case outputFormat = "output_format"
      case timeoutSeconds = "timeout_seconds"
      case outputLimitBytes = "output_limit_bytes"
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
      schema = try values.decode(Int.self, forKey: .schema)
      name = try values.decode(String.self, forKey: .name)
      title = try values.decode(String.self, forKey: .title)
      summary = try values.decode(String.self, forKey: .summary)
      library = try values.decode(String.self, forKey: .library)
      fileExtension = try values.decode(String.self, forKey: .fileExtension)
      version = try values.decode(VersionContents.self, forKey: .version)
      inputFormat = try values.decode(PictureFormat.self, forKey: .inputFormat)
      outputFormat = try values.decode(PictureFormat.self, forKey: .outputFormat)
      gray = try values.decodeIfPresent(Bool.self, forKey: .gray) ?? false
      quality = try values.decodeIfPresent(QualityContents.self, forKey: .quality)
      parameters = try values.decodeIfPresent([ParameterContents].self, forKey: .parameters) ?? []
      encode = try values.decode(StepContents.self, forKey: .encode)
      decode = try values.decode(StepContents.self, forKey: .decode)
      environment = try values.decodeIfPresent([String: String].self, forKey: .environment) ?? [:]
      threads = try values.decodeIfPresent(Int.self, forKey: .threads) ?? 1
      timeoutSeconds = try values.decodeIfPresent(Double.self, forKey: .timeoutSeconds) ?? 600
      outputLimitBytes = try values.decodeIfPresent(Int.self, forKey: .outputLimitBytes) ?? 1 << 30
    }
  }

  /// The keys of `version`.
  struct VersionContents: Decodable {
    let command: [String]
    let pattern: String

    enum CodingKeys: String, CodingKey, CaseIterable { case command, pattern }

    init(from decoder: any Decoder) throws {
      let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
      command = try values.decode([String].self, forKey: .command)
      pattern = try values.decode(String.self, forKey: .pattern)
    }
  }

  /// The keys of `quality`.
  struct QualityContents: Decodable {
    let name: String
    let unit: String
    let minimum, maximum: Double
    let step: Double?
    let direction: QualityScale.Direction
    let sweep: [Double]

    enum CodingKeys: String, CodingKey, CaseIterable {
      case name, unit, minimum, maximum, step, direction, sweep
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
      name = try values.decode(String.self, forKey: .name)
      unit = try values.decodeIfPresent(String.self, forKey: .unit) ?? ""
      minimum = try values.decode(Double.self, forKey: .minimum)
      maximum = try values.decode(Double.self, forKey: .maximum)
      step = try values.decodeIfPresent(Double.self, forKey: .step)
      direction = try values.decode(QualityScale.Direction.self, forKey: .direction)
      sweep = try values.decode([Double].self, forKey: .sweep)
    }
  }

  /// The keys of an element of `parameters`.
  struct ParameterContents: Decodable {
    let name, help, defaultValue: String
    let choices: [String]?
    let integers: [Int]?
    let numbers: [Double]?

    enum CodingKeys: String, CodingKey, CaseIterable {
      case name, help, choices, integers, numbers
      case defaultValue = "default"
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
      name = try values.decode(String.self, forKey: .name)
      help = try values.decode(String.self, forKey: .help)
      defaultValue = try values.decode(String.self, forKey: .defaultValue)
      choices = try values.decodeIfPresent([String].self, forKey: .choices)
      integers = try values.decodeIfPresent([Int].self, forKey: .integers)
      numbers = try values.decodeIfPresent([Double].self, forKey: .numbers)
    }
  }

  /// The keys of `encode` and `decode`.
  struct StepContents: Decodable {
    let command: [String]
    let seconds: SecondsContents?

    enum CodingKeys: String, CodingKey, CaseIterable { case command, seconds }

    init(from decoder: any Decoder) throws {
      let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
      command = try values.decode([String].self, forKey: .command)
      seconds = try values.decodeIfPresent(SecondsContents.self, forKey: .seconds)
    }
  }

  /// The keys of `seconds`.
  struct SecondsContents: Decodable {
    let file: String
    let pattern: String?

    enum CodingKeys: String, CodingKey, CaseIterable { case file, pattern }

    init(from decoder: any Decoder) throws {
      let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
      file = try values.decode(String.self, forKey: .file)
      pattern = try values.decodeIfPresent(String.self, forKey: .pattern)
    }
  }
}
