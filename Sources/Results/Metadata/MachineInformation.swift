import Foundation

/// The machine that a run was made on.
public struct MachineInformation: Codable, Sendable, Equatable {
  /// The operating system and its version.
  public let operatingSystem: String
  /// The architecture that the program was compiled for.
  public let architecture: String
  /// The processor's name, or `null` when the system does not tell.
  public let processor: String?
  /// The vector and matrix extensions that decide which code the libraries choose, sorted.
  public let instructionSets: [String]
  /// The number of processors that the program may use.
  public let processorCount: Int

  /// This machine.
  public static let current = MachineInformation()

  /// Describes a machine.
  package init(
    operatingSystem: String, architecture: String, processor: String?, instructionSets: [String],
    processorCount: Int
  ) {
    self.operatingSystem = operatingSystem
    self.architecture = architecture
    self.processor = processor
    self.instructionSets = instructionSets
    self.processorCount = processorCount
  }

  private init() {
    operatingSystem = Self.operatingSystemName
    #if arch(x86_64)
      architecture = "x86_64"
    #elseif arch(arm64)
      architecture = "arm64"
    #else
      architecture = "other"
    #endif
    processor = Self.processorName
    instructionSets = Self.instructionSetNames
    processorCount = ProcessInfo.processInfo.activeProcessorCount
  }

  #if os(Linux)
    private static var operatingSystemName: String {
      value(of: "PRETTY_NAME", in: "/etc/os-release", separator: "=")
        ?? ProcessInfo.processInfo.operatingSystemVersionString
    }

    private static var processorName: String? {
      value(of: "model name", in: "/proc/cpuinfo", separator: ":")
    }

    private static var instructionSetNames: [String] {
      let names: Set = [
        "sse4_2", "avx", "avx2", "fma", "avx512f", "avx512bw", "avx512vl", "avx512_vnni",
        "avx512_bf16", "avx512_fp16", "avx_vnni", "amx_tile", "amx_bf16", "amx_int8",
        "asimd", "sve", "sve2", "bf16",
      ]
      let flags =
        value(of: "flags", in: "/proc/cpuinfo", separator: ":")
        ?? value(of: "Features", in: "/proc/cpuinfo", separator: ":") ?? ""
      return flags.split(separator: " ").map(String.init).filter(names.contains).sorted()
    }

    /// The first value of a key in a file of `key<separator>value` lines.
    private static func value(
      of key: String, in path: String, separator: Character
    ) -> String? {
      guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
      for line in text.split(separator: "\n") {
        let parts = line.split(separator: separator, maxSplits: 1)
        if parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == key {
          return parts[1].trimmingCharacters(in: CharacterSet(charactersIn: " \t\""))
        }
      }
      return nil
    }
  #else
    private static var operatingSystemName: String {
      "macOS \(ProcessInfo.processInfo.operatingSystemVersionString)"
    }

    private static var processorName: String? { systemValue("machdep.cpu.brand_string") }

    private static var instructionSetNames: [String] {
      ["FEAT_BF16", "FEAT_I8MM", "FEAT_SME", "FEAT_DotProd"].filter {
        var isPresent: Int32 = 0
        var size = MemoryLayout<Int32>.size
        return unsafe sysctlbyname("hw.optional.arm.\($0)", &isPresent, &size, nil, 0) == 0
          && isPresent == 1
      }
    }

    private static func systemValue(_ name: String) -> String? {
      var size = 0
      guard unsafe sysctlbyname(name, nil, &size, nil, 0) == 0, size > 0 else { return nil }
      var bytes = [UInt8](repeating: 0, count: size)
      guard unsafe sysctlbyname(name, &bytes, &size, nil, 0) == 0 else { return nil }
      return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  #endif
}
