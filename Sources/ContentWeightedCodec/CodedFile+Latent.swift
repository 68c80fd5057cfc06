import Codecs
import LearnedCodecs

extension CodedFile {
  /// Wraps the latent of a picture.
  ///
  /// - Parameters:
  ///   - coder: writes the sections; that of `coderID` for this model and rate.
  ///   - codesSection: what it would write for the codes, where that is known.
  init(
    _ latent: Latent, model: ContentWeightedModel, knob: RateKnob, coderID: CoderID,
    coder: any LatentCoder, codesSection: [UInt8]?, width: Int, height: Int, isGray: Bool
  ) {
    let configuration = model.configuration
    let levelCount = configuration.importanceLevelCount
    self.init(
      kind: model.variant.fileKind, isGray: isGray, coder: coderID.rawValue,
      modelIdentifier: model.identifier, knob: knob, width: width, height: height,
      sections: [
        levelCount > 0
          ? coder.encode(levels: latent.levels, levelCount: levelCount, grid: latent.grid) : [],
        codesSection
          ?? coder.encode(
            bits: latent.bits, mapCounts: latent.mapCounts, mapCount: configuration.codeMapCount,
            grid: latent.grid),
      ])
  }

  /// The coder of the sections.
  ///
  /// - Precondition: it is a file of one of this family's codecs.
  var coderID: CoderID {
    guard let id = CoderID(rawValue: coder) else {
      preconditionFailure("the kinds of file name these coders and no others")
    }
    return id
  }

  /// Decodes the importance levels.
  ///
  /// - Throws: `CodecError` of kind `corruptData`.
  func levels(for model: ContentWeightedModel) throws(CodecError) -> [UInt8] {
    let levelCount = model.configuration.importanceLevelCount
    guard levelCount > 0 else { return [] }
    let sectionCoder = try sectionCoder(for: model)
    let levels: [UInt8]
    do throws(SectionError) {
      levels = try sectionCoder.decodeLevels(
        self[.importanceMap][...], levelCount: levelCount,
        grid: ContentWeightedModel.grid(width: width, height: height))
    } catch {
      throw corrupt("the importance map has \(error.message)")
    }
    guard levels.allSatisfy({ $0 < levelCount }) else {
      throw corrupt("the importance map has a level above \(levelCount - 1)")
    }
    return levels
  }

  /// Decodes importance levels and codes.
  ///
  /// - Throws: `CodecError` of kind `corruptData`.
  func latent(for model: ContentWeightedModel) throws(CodecError) -> Latent {
    let configuration = model.configuration
    let sectionCoder = try sectionCoder(for: model)
    let grid = ContentWeightedModel.grid(width: width, height: height)
    let levels = try levels(for: model)
    let mapCounts = configuration.mapCounts(levels: levels, knob: knob, grid: grid)
    do throws(SectionError) {
      let bits = try sectionCoder.decodeBits(
        self[.codes][...], mapCounts: mapCounts, mapCount: configuration.codeMapCount, grid: grid)
      return Latent(grid: grid, levels: levels, mapCounts: mapCounts, bits: bits)
    } catch {
      throw corrupt("the codes have \(error.message)")
    }
  }

  private func sectionCoder(
    for model: ContentWeightedModel
  ) throws(CodecError) -> any LatentCoder {
    guard let found = coderID.coder(for: model.entropy, knob: knob) else {
      throw corrupt("its coder is \(coderID.word), for which its model has no probabilities")
    }
    return found
  }

  private func corrupt(_ message: String) -> CodecError {
    CodecError(codec: kind.codecID, kind: .corruptData, message: message)
  }
}

extension ModelConfiguration {
  /// How many maps each position sends.
  func mapCounts(levels: [UInt8], knob: RateKnob, grid: LatentGrid) -> [UInt16] {
    guard importanceLevelCount > 0 else {
      return [UInt16](
        repeating: UInt16(knob.mapCount(of: codeMapCount)), count: grid.positionCount)
    }
    let table = ImportanceMask.mapCounts(
      codeMapCount: codeMapCount, levelCount: importanceLevelCount)
    return levels.map { table[Int($0)] }
  }
}

extension Transforms.Analysis {
  /// What is sent of a picture at an importance scale.
  ///
  /// - Parameter costs: decides the bits whose thresholds leave that open, by what they cost; `nil`
  ///   where there are none.
  /// - Returns: the latent, and its codes as the coder of the costs writes them.
  func latent(
    for configuration: ModelConfiguration, knob: RateKnob, importanceScale: Double,
    costs: ConvolutionalCoder? = nil
  ) -> (latent: Latent, codes: [UInt8]?) {
    let levels = ImportanceMask.levels(
      importance, levelCount: configuration.importanceLevelCount, scale: importanceScale)
    let mapCounts = configuration.mapCounts(levels: levels, knob: knob, grid: grid)
    var bits: [UInt8]
    var codes: [UInt8]?
    if let costs {
      (bits, codes) = costs.quantize(
        thresholds: decisionThresholds, mapCounts: mapCounts, mapCount: configuration.codeMapCount,
        grid: grid)
    } else {
      bits = decisionThresholds.map { $0 == 0 ? 1 : 0 }
    }
    for map in 0..<configuration.codeMapCount {
      let start = map * grid.positionCount
      for (position, count) in mapCounts.enumerated() where map >= Int(count) {
        bits[start + position] = 0
      }
    }
    return (Latent(grid: grid, levels: levels, mapCounts: mapCounts, bits: bits), codes)
  }
}
