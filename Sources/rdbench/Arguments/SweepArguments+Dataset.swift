import Benchmarking
import Codecs
import Datasets
import Imaging

extension SweepArguments {
  /// The sweeps without those that a word such as `all` chose and that cannot code every image of the
  /// set; each is left out with one note.
  ///
  /// A codec that was named for itself stays, and its rows say what it refuses.
  ///
  /// - Throws: `CommandFailure` when none is left.
  func sweeps(
    _ sweeps: [Plan.Sweep], thatCanCode dataset: Dataset, from registry: CodecRegistry
  ) throws(CommandFailure) -> [Plan.Sweep] {
    guard !groups.isEmpty else { return sweeps }
    let named = try specs.map { spec throws(CommandFailure) in
      try codecCall { () throws(CodecError) in try registry.codec(spec: spec).descriptor }
    }
    var kept: [Plan.Sweep] = []
    for sweep in sweeps {
      let descriptor = sweep.codec.descriptor
      if !named.contains(descriptor), let refusal = dataset.refusal(of: descriptor) {
        Console.note("\(descriptor.id) is left out: \(refusal)")
      } else {
        kept.append(sweep)
      }
    }
    guard !kept.isEmpty else {
      throw CommandFailure("no codec of \(codecs) can code the images of \(dataset.name)")
    }
    return kept
  }
}

extension Dataset {
  /// Why a codec cannot code the set: what it says of the first image that it cannot code.
  fileprivate func refusal(of descriptor: CodecDescriptor) -> String? {
    guard descriptor.capabilities != .anything else { return nil }
    for image in images {
      // An image that cannot be read is no codec's fault, and has rows that say so.
      guard let header = try? image.header(),
        let refusal = descriptor.capabilities.refusal(
          width: header.width, height: header.height, colorModel: header.colorModel)
      else { continue }
      return "\(descriptor.displayName) \(refusal) (\(image.path))"
    }
    return nil
  }
}
