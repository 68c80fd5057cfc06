import Foundation

/// The bytes of a small grey PNM.
func pnm(width: Int = 2, height: Int = 2, value: UInt8 = 7) -> [UInt8] {
  Array("P5\n\(width) \(height)\n255\n".utf8) + [UInt8](repeating: value, count: width * height)
}

/// The folder with the real datasets, when the environment names one.
let realDatasets = ProcessInfo.processInfo.environment["RDBENCH_DATASETS"]
