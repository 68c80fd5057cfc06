// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who builds rdbench builds fuzzers. `Scripts/fuzz` builds it
// with the fuzzer's instrumentation in all modules, which no manifest can ask for.
let package = Package(
  name: "rdbench-fuzzing",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "rdbench", path: "..")],
  targets: [
    .systemLibrary(name: "CLibFuzzer"),
    .executableTarget(
      name: "FuzzContentWeighted",
      dependencies: ["CLibFuzzer", .product(name: "RDBench", package: "rdbench")],
      swiftSettings: [.strictMemorySafety()]),
  ]
)
