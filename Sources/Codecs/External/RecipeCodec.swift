import Imaging

/// A codec that runs the two programs of a ``CodecRecipe``.
///
/// The rate is every byte of the file that the encoder writes, and the decoder gets nothing else.
/// Times are those of the child processes: wall-clock time from before the start to the end, so
/// with the start of the process and with the program's own reading and writing of files, and the
/// processor time of the process and the children it waited for. Where the recipe names a file with
/// the program's own seconds, these are the wall-clock time.
public struct RecipeCodec: SelfTimedCodec {
  /// Identity, version, parameters and quality scale.
  public let descriptor: CodecDescriptor
  private let recipe: CodecRecipe

  /// Configures the codec.
  ///
  /// - Throws: ``CodecError`` of kind `unavailable` when a program is missing or does not tell its
  ///   version.
  init(_ recipe: CodecRecipe, _ parameters: CodecParameters) throws(CodecError) {
    for command in [recipe.encode.command, recipe.decode.command] {
      let name = command[0].filled(with: ["recipe_folder": recipe.folder ?? ""])
      guard ProgramFinder.path(of: name, from: recipe.folder) != nil else {
        throw CodecError(
          codec: recipe.name, kind: .unavailable, message: "the program \(name) is not installed")
      }
    }
    self.recipe = recipe
    descriptor = CodecDescriptor(
      id: recipe.name, displayName: recipe.title, library: recipe.library,
      libraryVersion: try Self.version(of: recipe), parameters: parameters,
      qualityScale: recipe.qualityScale, fileExtension: recipe.fileExtension,
      threadCount: recipe.threadCount, modelDigest: recipe.digest,
      origin: .outsidePrograms, bytesDependOnInstructionSet: true)
  }

  /// Runs the encoder on a picture file and takes the file that it writes.
  public func measuredEncode(
    _ image: Image, at quality: Quality
  ) throws(CodecError) -> (EncodedImage, CallDuration) {
    let value = try descriptor.validate(quality)
    let picture = recipe.takesGray ? image : image.asRGB()
    let contents: [UInt8]
    switch recipe.inputFormat {
    case .ppm: contents = PNM.encode(picture)
    case .png:
      do throws(ImageError) {
        contents = try PNG.encode(picture)
      } catch {
        throw CodecError(codec: recipe.name, kind: .encodingFailed, message: error.message)
      }
    }
    var values = parameterValues
    values["quality"] = value.map(formatNumber)
    values["width"] = "\(image.width)"
    values["height"] = "\(image.height)"
    let program = RecipeProgram(recipe: recipe, step: recipe.encode, role: .encoder)
    let (bytes, duration) = try program.run(
      contents, names: (pictureName(recipe.inputFormat), codedName), values: values)
    return (EncodedImage(bytes: bytes), duration)
  }

  /// Runs the decoder on a file with nothing but the coded bytes and reads the picture it writes.
  public func measuredDecode(_ coded: [UInt8]) throws(CodecError) -> (Image, CallDuration) {
    let program = RecipeProgram(recipe: recipe, step: recipe.decode, role: .decoder)
    let (bytes, duration) = try program.run(
      coded, names: (codedName, pictureName(recipe.outputFormat)), values: parameterValues)
    do throws(ImageError) {
      switch recipe.outputFormat {
      case .png: return (try PNG.decode(bytes).image, duration)
      case .ppm: return (try PNM.decode(bytes).image, duration)
      }
    } catch {
      throw CodecError(codec: recipe.name, decoding: error)
    }
  }

  private var parameterValues: [String: String] {
    Dictionary(
      uniqueKeysWithValues: recipe.parameters.map { ($0.name, descriptor.parameters[$0.name]) })
  }

  private var codedName: String { "coded.\(recipe.fileExtension)" }

  private func pictureName(_ format: CodecRecipe.PictureFormat) -> String {
    "picture.\(format.rawValue)"
  }

  /// Asks the program for its version.
  private static func version(of recipe: CodecRecipe) throws(CodecError) -> String {
    let step = CodecRecipe.Step(command: recipe.version.command, seconds: nil)
    let program = RecipeProgram(recipe: recipe, step: step, role: .encoder)
    guard let version = firstGroup(of: recipe.version.pattern, in: try program.printed()) else {
      throw CodecError(
        codec: recipe.name, kind: .unavailable,
        message: "the version is not in what its version command prints")
    }
    return version
  }
}

extension CodecRecipe {
  /// The codec that the recipe describes; making one throws when its programs are not installed.
  ///
  /// Its files are not recognised by their first bytes, which may be those of a built-in codec.
  public var provider: CodecProvider {
    CodecProvider(
      id: name, summary: summary, parameters: parameters, recognizes: { _ in false },
      make: { parameters throws(CodecError) in try RecipeCodec(self, parameters) })
  }
}

extension CodecProvider {
  /// Whether the codec is an outside one, made from a ``CodecRecipe``.
  public var isRecipe: Bool { id.hasPrefix(CodecRecipe.namePrefix) }
}
