import Codecs
import Imaging
import LearnedCodecs

extension ContentWeightedCodec {
  /// Draws the importance map as ``importanceMapPicture(_:)`` does, under the name
  /// `importance-map`.
  ///
  /// - Returns: the map, or nothing for a model without one.
  /// - Throws: `CodecError` of kind `corruptData`, `limitExceeded` or `unavailable`.
  public func sideInformation(
    in bytes: [UInt8]
  ) throws(CodecError) -> [SideInformationPicture] {
    let configuration = try models.model(of: try read(bytes)).configuration
    guard configuration.importanceLevelCount > 0 else { return [] }
    return [
      SideInformationPicture(name: "importance-map", image: try importanceMapPicture(bytes))
    ]
  }

  /// Draws the importance map of a file in the size of its picture, a colour bar below it.
  ///
  /// Each 8×8 block of pixels has the colour of the number of bits that it was given, from dark blue
  /// for none to yellow for the most that the model can give; the bar names both ends (Li et al.
  /// 2017, Figure 6).
  ///
  /// - Throws: `CodecError` of kind `corruptData`, `limitExceeded` or `unavailable` as
  ///   ``decode(_:)``, and `invalidParameter` for a file without importance map.
  public func importanceMapPicture(_ bytes: [UInt8]) throws(CodecError) -> Image {
    let file = try read(bytes)
    let fileModel = try models.model(of: file)
    let configuration = fileModel.configuration
    guard configuration.importanceLevelCount > 0 else {
      throw failure(.invalidParameter, "\(descriptor.id) has no importance map")
    }
    let counts = ImportanceMask.mapCounts(
      codeMapCount: configuration.codeMapCount, levelCount: configuration.importanceLevelCount)
    return HeatMap(
      levels: try file.levels(for: fileModel),
      grid: ContentWeightedModel.grid(width: file.width, height: file.height),
      levelCount: configuration.importanceLevelCount, highestValue: Int(counts.last ?? 0)
    ).picture(width: file.width, height: file.height)
  }
}
