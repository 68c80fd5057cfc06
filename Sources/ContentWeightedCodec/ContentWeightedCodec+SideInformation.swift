import Codecs

extension ContentWeightedCodec {
  /// Draws the importance map as ``importanceMapPicture(_:)`` does, under the name
  /// `importance-map`.
  ///
  /// - Returns: the map, or nothing for a model without one.
  /// - Throws: `CodecError` of kind `corruptData`, `limitExceeded` or `unavailable`.
  public func sideInformation(
    in bytes: [UInt8]
  ) throws(CodecError) -> [SideInformationPicture] {
    let configuration = try model(of: try read(bytes)).configuration
    guard configuration.importanceLevelCount > 0 else { return [] }
    return [
      SideInformationPicture(name: "importance-map", image: try importanceMapPicture(bytes))
    ]
  }
}
