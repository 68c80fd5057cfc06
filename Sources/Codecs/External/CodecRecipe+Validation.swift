import Foundation
import StrictJSON

/// What is wrong with the value of a key.
struct RecipeProblem: Error {
  let key: String
  let problem: String

  init(_ key: String, _ problem: String) {
    self.key = key
    self.problem = problem
  }
}

extension CodecRecipe {
  /// Checks everything that the types do not say.
  init(_ contents: Contents, folder: String?) throws(RecipeProblem) {
    guard contents.schema == Self.schema else {
      throw RecipeProblem(
        "schema", "it is \(contents.schema) and this program reads \(Self.schema)")
    }
    name = contents.name
    guard name.wholeMatch(of: /recipe-[a-z0-9]+(-[a-z0-9]+)*/) != nil else {
      throw RecipeProblem(
        "name", "‘\(name)’ must be recipe- and then small letters, digits and hyphens")
    }
    title = try Self.filled(contents.title, "title")
    summary = try Self.filled(contents.summary, "summary")
    library = try Self.filled(contents.library, "library")
    fileExtension = contents.fileExtension
    guard fileExtension.wholeMatch(of: /[A-Za-z0-9]+/) != nil else {
      throw RecipeProblem("extension", "‘\(fileExtension)’ must be letters and digits")
    }
    let folderName = folder == nil ? [] : ["recipe_folder"]
    try Self.checkPattern(contents.version.pattern, "version.pattern")
    version = Version(
      command: try Self.command(
        contents.version.command, "version.command", folder: folder, placeholders: folderName),
      pattern: contents.version.pattern)
    inputFormat = contents.inputFormat
    outputFormat = contents.outputFormat
    takesGray = contents.gray
    qualityScale = try contents.quality.map { quality throws(RecipeProblem) in
      try Self.scale(quality)
    }
    parameters = try Self.parameters(contents.parameters)
    let names = parameters.map(\.name) + folderName
    encode = try Self.step(
      contents.encode, "encode", folder: folder,
      placeholders: names + ["input", "output", "width", "height"]
        + (qualityScale == nil ? [] : ["quality"]))
    // The decoder must do with the file alone.
    decode = try Self.step(
      contents.decode, "decode", folder: folder, placeholders: names + ["input", "output"])
    if qualityScale != nil, !encode.command.contains(where: { $0.placeholders.contains("quality") })
    {
      throw RecipeProblem("encode.command", "{quality} is missing")
    }
    environment = contents.environment
    guard contents.threads >= 1 else { throw RecipeProblem("threads", "it must be at least 1") }
    threadCount = contents.threads
    guard contents.timeoutSeconds > 0, contents.timeoutSeconds <= 1e6 else {
      throw RecipeProblem("timeout_seconds", "it must lie between 0 and 1000000")
    }
    timeoutSeconds = contents.timeoutSeconds
    guard contents.outputLimitBytes >= 1 else {
      throw RecipeProblem("output_limit_bytes", "it must be at least 1")
    }
    outputLimit = contents.outputLimitBytes
    self.folder = folder
  }

  private static func filled(_ text: String, _ key: String) throws(RecipeProblem) -> String {
    guard !text.isEmpty, !text.contains(where: \.isNewline) else {
      throw RecipeProblem(key, "it must be one line of text")
    }
    return text
  }

  private static func checkPattern(_ pattern: String, _ key: String) throws(RecipeProblem) {
    // The empty alternative matches the empty text, with as many groups as the pattern has.
    guard (try? Regex(pattern)) != nil,
      let match = try? Regex("(?:\(pattern))|").wholeMatch(in: "")
    else { throw RecipeProblem(key, "‘\(pattern)’ is no regular expression") }
    guard match.output.count >= 2 else {
      throw RecipeProblem(key, "‘\(pattern)’ has no group (…) for what is looked for")
    }
  }

  private static func scale(_ quality: QualityContents) throws(RecipeProblem) -> QualityScale {
    guard quality.minimum < quality.maximum else {
      throw RecipeProblem("quality.maximum", "it must be larger than quality.minimum")
    }
    guard quality.step.map({ $0 > 0 }) ?? true else {
      throw RecipeProblem("quality.step", "it must be larger than 0")
    }
    let scale = QualityScale(
      name: try filled(quality.name, "quality.name"), unit: quality.unit,
      range: quality.minimum...quality.maximum, step: quality.step, direction: quality.direction,
      recommendedSweep: quality.sweep)
    guard !quality.sweep.isEmpty else { throw RecipeProblem("quality.sweep", "it is empty") }
    for value in quality.sweep where !scale.contains(value) {
      throw RecipeProblem("quality.sweep", "\(formatNumber(value)) is not in \(scale.summary)")
    }
    let isOrdered = zip(quality.sweep, quality.sweep.dropFirst()).allSatisfy {
      scale.direction == .higherIsBetter ? $0 < $1 : $0 > $1
    }
    guard isOrdered else {
      throw RecipeProblem("quality.sweep", "it must go from the worst picture to the best")
    }
    return scale
  }

  private static func parameters(
    _ contents: [ParameterContents]
  ) throws(RecipeProblem) -> [CodecParameter] {
    let reserved = ["input", "output", "quality", "width", "height", "recipe_folder"]
    var parameters: [CodecParameter] = []
    for (index, entry) in contents.enumerated() {
      let key = "parameters[\(index)]"
      guard entry.name.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil, !reserved.contains(entry.name),
        !parameters.contains(where: { $0.name == entry.name })
      else {
        throw RecipeProblem(
          "\(key).name", "‘\(entry.name)’ is not small letters and digits, reserved, or there twice"
        )
      }
      let parameter = CodecParameter(
        entry.name, try values(of: entry, key), default: entry.defaultValue, help: entry.help)
      guard parameter.canonical(entry.defaultValue) == entry.defaultValue else {
        throw RecipeProblem(
          "\(key).default", "‘\(entry.defaultValue)’ is not in \(parameter.valuesSummary)")
      }
      parameters.append(parameter)
    }
    return parameters
  }

  private static func values(
    of entry: ParameterContents, _ key: String
  ) throws(RecipeProblem) -> CodecParameter.Values {
    switch (entry.choices, entry.integers, entry.numbers) {
    case (let words?, nil, nil) where !words.isEmpty: return .choice(words)
    case (nil, let bounds?, nil) where bounds.count == 2 && bounds[0] <= bounds[1]:
      return .integer(bounds[0]...bounds[1])
    case (nil, nil, let bounds?) where bounds.count == 2 && bounds[0] <= bounds[1]:
      return .number(bounds[0]...bounds[1])
    default:
      throw RecipeProblem(
        key, "it needs one of choices, integers and numbers: words, or the least and the greatest")
    }
  }

  private static func step(
    _ contents: StepContents, _ key: String, folder: String?, placeholders: [String]
  ) throws(RecipeProblem) -> Step {
    let seconds = try contents.seconds.map { seconds throws(RecipeProblem) in
      guard !seconds.file.isEmpty, !seconds.file.contains("/"), seconds.file != ".." else {
        throw RecipeProblem("\(key).seconds.file", "it must be a file name without a folder")
      }
      if let pattern = seconds.pattern { try checkPattern(pattern, "\(key).seconds.pattern") }
      return Seconds(file: seconds.file, pattern: seconds.pattern)
    }
    let command = try command(
      contents.command, "\(key).command", folder: folder,
      placeholders: placeholders + (seconds == nil ? [] : ["seconds_file"]))
    for name in ["input", "output"]
    where !command.contains(where: { $0.placeholders.contains(name) }) {
      throw RecipeProblem("\(key).command", "{\(name)} is missing")
    }
    return Step(command: command, seconds: seconds)
  }

  /// Reads a program and its arguments, each with no placeholders but the given ones.
  private static func command(
    _ texts: [String], _ key: String, folder: String?, placeholders known: [String]
  ) throws(RecipeProblem) -> [CommandTemplate] {
    guard let program = texts.first, !program.isEmpty else {
      throw RecipeProblem(key, "it names no program")
    }
    guard folder != nil || !program.contains("/") else {
      throw RecipeProblem(key, "‘\(program)’ is a path, which needs the recipe's folder")
    }
    var command: [CommandTemplate] = []
    for (index, argument) in texts.enumerated() {
      let place = "\(key)[\(index)]"
      guard let template = CommandTemplate(argument) else {
        throw RecipeProblem(place, "‘\(argument)’ has a brace without its other; {{ is one brace")
      }
      // The program must be known before there is anything to fill in.
      let allowed = index == 0 ? known.filter { $0 == "recipe_folder" } : known
      for name in template.placeholders where !allowed.contains(name) {
        let hint = nearestName(to: name, in: allowed).map { "; did you mean {\($0)}?" } ?? ""
        throw RecipeProblem(place, "there is no {\(name)} here\(hint)")
      }
      command.append(template)
    }
    return command
  }
}
