import Imaging

/// The pictures that a configured codec can code.
public struct CodecCapabilities: Sendable, Equatable {
  /// The colour models that it takes.
  public let colorModels: Set<Image.ColorModel>
  /// The least width and height in pixels.
  public let minimumSize: Int
  /// The greatest width and height in pixels, or `nil` where only `ImageLimits` bounds them.
  public let maximumSize: Int?

  /// Describes what a codec takes; anything unless told otherwise.
  ///
  /// - Parameters:
  ///   - colorModels: at least one.
  ///   - minimumSize: pixels each way, at least 1.
  ///   - maximumSize: pixels each way, at least `minimumSize`.
  public init(
    colorModels: Set<Image.ColorModel> = Set(Image.ColorModel.allCases), minimumSize: Int = 1,
    maximumSize: Int? = nil
  ) {
    precondition(
      !colorModels.isEmpty && minimumSize >= 1 && maximumSize ?? minimumSize >= minimumSize)
    self.colorModels = colorModels
    self.minimumSize = minimumSize
    self.maximumSize = maximumSize
  }

  /// Grey and RGB of any size from 1×1.
  public static let anything = CodecCapabilities()

  /// What both of two codecs take, or `nil` when there is nothing.
  public func intersection(_ other: CodecCapabilities) -> CodecCapabilities? {
    let models = colorModels.intersection(other.colorModels)
    let least = max(minimumSize, other.minimumSize)
    let greatest = [maximumSize, other.maximumSize].compactMap(\.self).min()
    guard !models.isEmpty, greatest ?? least >= least else { return nil }
    return CodecCapabilities(colorModels: models, minimumSize: least, maximumSize: greatest)
  }

  /// Why a picture cannot be coded: what follows a codec's name in a sentence.
  ///
  /// - Returns: `nil` for a picture that can be coded.
  public func refusal(width: Int, height: Int, colorModel: Image.ColorModel) -> String? {
    if !colorModels.contains(colorModel) {
      return "codes \(colorModels.contains(.gray) ? "grey" : "colour") pictures only, "
        + "and the picture is \(colorModel == .gray ? "grey" : "in colour")"
    }
    if let maximumSize, max(width, height) > maximumSize {
      return "holds at most \(maximumSize) pixels each way and the picture has \(width)×\(height)"
    }
    if min(width, height) < minimumSize {
      return "needs at least \(minimumSize) pixels each way and the picture has \(width)×\(height)"
    }
    return nil
  }
}

extension CodecDescriptor {
  /// Checks a picture against ``capabilities``.
  ///
  /// - Throws: ``CodecError`` of kind `unsupportedImage` that states what the codec takes.
  public func checkCanCode(_ image: Image) throws(CodecError) {
    guard
      let refusal = capabilities.refusal(
        width: image.width, height: image.height, colorModel: image.colorModel)
    else { return }
    throw CodecError(
      codec: id, kind: .unsupportedImage, message: "\(displayName) \(refusal)")
  }
}
