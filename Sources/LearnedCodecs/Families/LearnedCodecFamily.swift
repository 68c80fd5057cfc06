import Codecs

/// One or more learned codecs that share a type of model.
///
/// It is all that the rest of rdbench knows of a learned codec: the list of families gives the command
/// line its codecs, models and files.
public protocol LearnedCodecFamily: SendableMetatype {
  /// The models of its codecs.
  associatedtype Model: LearnedModel

  /// The kinds of file that its codecs write, one for each codec.
  static var fileKinds: [FileKind] { get }

  /// The codecs that some models make possible, none of which is read before it is needed.
  ///
  /// - Parameters:
  ///   - models: what files may be decoded with, those of other codecs among them; one that is given
  ///     twice counts once. The first of each codec encodes unless the parameter `model` names
  ///     another. A codec without model is still listed, so that its files are recognised, and says
  ///     what it lacks when it is made.
  ///   - maximumPixelCount: the largest picture that is decoded, at most the format's own 2²⁷.
  static func providers(models: [ModelReference], maximumPixelCount: Int) -> [CodecProvider]
}

extension LearnedCodecFamily {
  /// The codecs that some models make possible, for pictures of at most 2²⁷ pixels.
  public static func providers(models: [ModelReference]) -> [CodecProvider] {
    providers(models: models, maximumPixelCount: CodedFile.maximumPixelCount)
  }
}
