import Codecs

extension Container {
  /// Wraps the latent of a picture.
  ///
  /// - Parameters:
  ///   - coder: writes the sections; that of `coderID` for this model and rate.
  ///   - codesSection: what it would write for the codes, where that is known.
  init(
    _ latent: Latent, model: ContentWeightedModel, rate: RatePoint, coderID: CoderID,
    coder: any LatentCoder, codesSection: [UInt8]?, width: Int, height: Int, isGray: Bool
  ) {
    let configuration = model.configuration
    let hasMap = configuration.importanceLevelCount > 0
    self.init(
      kind: hasMap ? .withImportanceMap : .withoutImportanceMap, isGray: isGray, coder: coderID,
      modelIdentifier: model.identifier, rate: rate, width: width, height: height,
      importanceSection: hasMap
        ? coder.encode(
          levels: latent.levels, levelCount: configuration.importanceLevelCount, grid: latent.grid)
        : [],
      codesSection: codesSection
        ?? coder.encode(
          bits: latent.bits, mapCounts: latent.mapCounts, mapCount: configuration.codeMapCount,
          grid: latent.grid))
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
        importanceSection[...], levelCount: levelCount,
        grid: LatentGrid(imageWidth: width, imageHeight: height))
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
    let grid = LatentGrid(imageWidth: width, imageHeight: height)
    let levels = try levels(for: model)
    let mapCounts = configuration.mapCounts(levels: levels, rate: rate, grid: grid)
    do throws(SectionError) {
      let bits = try sectionCoder.decodeBits(
        codesSection[...], mapCounts: mapCounts, mapCount: configuration.codeMapCount, grid: grid)
      return Latent(grid: grid, levels: levels, mapCounts: mapCounts, bits: bits)
    } catch {
      throw corrupt("the codes have \(error.message)")
    }
  }

  private func sectionCoder(
    for model: ContentWeightedModel
  ) throws(CodecError) -> any LatentCoder {
    guard let found = coder.coder(for: model.entropy, rate: rate) else {
      throw corrupt("its coder is \(coder.word), for which its model has no probabilities")
    }
    return found
  }

  private func corrupt(_ message: String) -> CodecError {
    CodecError(codec: kind.codecID, kind: .corruptData, message: message)
  }
}

extension ModelConfiguration {
  /// How many maps each position sends.
  func mapCounts(levels: [UInt8], rate: RatePoint, grid: LatentGrid) -> [UInt16] {
    guard importanceLevelCount > 0 else {
      return [UInt16](
        repeating: UInt16(rate.mapCount(of: codeMapCount)), count: grid.positionCount)
    }
    let table = ImportanceMask.mapCounts(
      codeMapCount: codeMapCount, levelCount: importanceLevelCount)
    return levels.map { table[Int($0)] }
  }
}

extension Transforms.Analysis {
  /// What is sent of a picture at an importance scale.
  ///
  /// - Parameter decider: decides the bits whose limits leave that open; `nil` where there are none.
  /// - Returns: the latent, and its codes as the decider wrote them.
  func latent(
    for configuration: ModelConfiguration, rate: RatePoint, importanceScale: Double,
    decidedBy decider: ConvolutionalCoder? = nil
  ) -> (latent: Latent, codes: [UInt8]?) {
    let levels = ImportanceMask.levels(
      importance, levelCount: configuration.importanceLevelCount, scale: importanceScale)
    let mapCounts = configuration.mapCounts(levels: levels, rate: rate, grid: grid)
    var bits: [UInt8]
    var codes: [UInt8]?
    if let decider {
      bits = limits
      codes = decider.decide(
        &bits, mapCounts: mapCounts, mapCount: configuration.codeMapCount, grid: grid)
    } else {
      bits = limits.map { $0 == 0 ? 1 : 0 }
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
