/// Stands for numbers that multiply activations and that each run is given anew.
///
/// ``NetworkBuilder/factor(channelCount:)`` and
/// ``NetworkBuilder/factor(channelCount:levelCount:mapHeight:mapWidth:)`` make it.
public struct FactorHandle: Sendable, Hashable {
  let index: Int
  /// How many channels are multiplied.
  public let channelCount: Int
  /// The levels of the table and the size of the map that chooses among them, for a factor per
  /// channel and position; `nil` for a factor per channel.
  let map: LevelMap?

  struct LevelMap: Sendable, Hashable {
    let levelCount, height, width: Int
  }

  /// Why some values do not fit, or `nil` if they do.
  func objection(to values: FactorValues?) -> String? {
    switch (map, values) {
    case (_, nil):
      return "is missing"
    case (nil, .perChannel(let numbers)):
      return numbers.count == channelCount
        ? nil : "needs \(channelCount) numbers, not \(numbers.count)"
    case (let map?, .perPosition(let table, let levels)):
      if table.count != map.levelCount * channelCount {
        return "needs a table of \(map.levelCount) × \(channelCount) numbers, not \(table.count)"
      }
      if levels.count != map.height * map.width {
        return "needs \(map.height) × \(map.width) levels, not \(levels.count)"
      }
      return levels.allSatisfy { Int($0) < map.levelCount }
        ? nil : "has levels beyond the \(map.levelCount) of its table"
    case (nil, .perPosition):
      return "is per channel, not per position"
    case (_?, .perChannel):
      return "is per position, not per channel"
    }
  }
}

/// What one run is given for a ``FactorHandle``.
public enum FactorValues: Sendable, Equatable {
  /// One number per channel.
  case perChannel([Float])
  /// A table, level by level with one number per channel, and the level of each position of the
  /// map, row by row.
  case perPosition(table: [Float], levels: [UInt8])
}

/// Which factor multiplies the results of a convolution.
enum FactorKey: Sendable, Equatable {
  case name(String)
  case handle(FactorHandle)
}

/// All factors of one run.
struct RunFactors {
  var named: [String: [Float]] = [:]
  var handled: [FactorHandle: FactorValues] = [:]

  /// The numbers per channel of a factor that has been checked.
  func numbers(_ key: FactorKey) -> [Float] {
    switch key {
    case .name(let name):
      return named[name] ?? []
    case .handle(let handle):
      guard case .perChannel(let numbers) = handled[handle] else { return [] }
      return numbers
    }
  }

  /// Throws unless every factor of some steps is there, in the right size.
  func check(for steps: [ExecutionStep], _ handles: [FactorHandle]) throws(NeuralNetworkError) {
    for handle in handles {
      if let objection = handle.objection(to: handled[handle]) {
        throw NeuralNetworkError(.wrongFactor, "factor \(handle.index) \(objection)")
      }
    }
    for step in steps {
      guard case .convolution(let layer, _, _, let operations) = step else { continue }
      for case .scale(.name(let name)) in operations
      where named[name]?.count != layer.outputChannelCount {
        throw NeuralNetworkError(
          .wrongFactor, "factor \(name) needs \(layer.outputChannelCount) numbers")
      }
    }
  }
}
