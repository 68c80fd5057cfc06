// swift-tools-version: 6.2
import PackageDescription

/// Adapters talk to C libraries, so every unsafe construct in them must be marked.
let adapterSettings: [SwiftSetting] = [.strictMemorySafety()]

/// Debian's pkg-config files of these libraries hold nothing but defines that SwiftPM warns of.
#if os(macOS)
  let (avifPkgConfig, jxlPkgConfig): (String?, String?) = ("libavif", "libjxl")
#else
  let (avifPkgConfig, jxlPkgConfig): (String?, String?) = (nil, nil)
#endif

let package = Package(
  name: "rdbench",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "rdbench", targets: ["rdbench"]),
    .library(
      name: "RDBench",
      targets: [
        "Imaging", "ImageMetrics", "Codecs", "JPEGCodec", "JPEG2000Codec", "WebPCodec",
        "AVIFCodec", "JPEGXLCodec", "HEICCodec", "RateDistortion", "Files", "Results", "Datasets",
        "CodecWorkers", "MeasurementStore", "Benchmarking", "Comparing", "Plotting", "Reporting",
        "Analysis", "EntropyCoding", "NeuralNetworks", "LearnedCodecs", "ContentWeightedCodec",
      ]),
  ],
  traits: [
    .trait(name: "Neural", description: "The learned codecs, which need oneDNN."),
    .trait(name: "PDF", description: "Figures as PDF, which need librsvg."),
    .trait(name: "AVIF", description: "AVIF, which needs libavif."),
    .trait(name: "JPEGXL", description: "JPEG XL, which needs libjxl."),
    .trait(name: "HEIC", description: "HEIC, which needs libheif with x265."),
    .default(enabledTraits: ["Neural"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
  ],
  targets: [
    // System libraries.
    .systemLibrary(
      name: "CLibPNG", pkgConfig: "libpng",
      providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .systemLibrary(
      name: "CLibJPEG", pkgConfig: "libjpeg",
      providers: [.apt(["libjpeg-dev"]), .brew(["jpeg-turbo"])]),
    .systemLibrary(
      name: "COpenJPEG", pkgConfig: "libopenjp2",
      providers: [.apt(["libopenjp2-7-dev"]), .brew(["openjpeg"])]),
    .systemLibrary(
      name: "CLibWebP", pkgConfig: "libwebp",
      providers: [.apt(["libwebp-dev"]), .brew(["webp"])]),
    .systemLibrary(
      name: "CLibAVIF", pkgConfig: avifPkgConfig,
      providers: [.apt(["libavif-dev"]), .brew(["libavif"])]),
    .systemLibrary(
      name: "CLibJXL", pkgConfig: jxlPkgConfig,
      providers: [.apt(["libjxl-dev"]), .brew(["jpeg-xl"])]),
    .systemLibrary(
      name: "CLibHEIF", pkgConfig: "libheif",
      providers: [.apt(["libheif-dev"]), .brew(["libheif"])]),
    .systemLibrary(
      name: "CLibZip", pkgConfig: "libzip",
      providers: [.apt(["libzip-dev"]), .brew(["libzip"])]),
    .systemLibrary(
      name: "CLibRSVG", pkgConfig: "librsvg-2.0",
      providers: [.apt(["librsvg2-dev"]), .brew(["librsvg"])]),

    // oneDNN has no pkg-config file, neither in Debian's package nor in Homebrew's.
    .systemLibrary(name: "CDNNL", providers: [.apt(["libdnnl-dev"]), .brew(["onednn"])]),

    // C that Swift cannot express: setjmp, loops compiled for several instruction sets, and calls
    // that glibc hides.
    .target(name: "CLibPNGShims", dependencies: ["CLibPNG"]),
    .target(name: "CLibJPEGShims", dependencies: ["CLibJPEG"]),
    .target(name: "CImageMetrics"),
    .target(name: "CChildProcess"),

    // What the layers above share.
    .target(name: "StrictJSON", swiftSettings: adapterSettings),
    .target(
      name: "Files", dependencies: [.product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: adapterSettings),
    .target(
      name: "ChildProcesses", dependencies: ["CChildProcess", "Files"],
      swiftSettings: adapterSettings),
    .target(name: "Statistics", swiftSettings: adapterSettings),

    // Images, metrics, codecs.
    .target(
      name: "Imaging", dependencies: ["CLibPNGShims", "Files"], swiftSettings: adapterSettings),
    .target(
      name: "ImageMetrics", dependencies: ["Imaging", "CImageMetrics"],
      swiftSettings: adapterSettings),
    .target(
      name: "Codecs", dependencies: ["Imaging", "StrictJSON", "Files", "ChildProcesses"],
      swiftSettings: adapterSettings),
    .target(
      name: "CodecRecipes", path: "Recipes",
      resources: ["cjpeg", "opj", "cwebp", "avifenc", "cjxl", "heif-enc"].map {
        .embedInCode("recipe-\($0).json")
      }),
    .target(
      name: "JPEGCodec", dependencies: ["Codecs", "Imaging", "CLibJPEGShims"],
      swiftSettings: adapterSettings),
    .target(
      name: "JPEG2000Codec", dependencies: ["Codecs", "Imaging", "COpenJPEG"],
      swiftSettings: adapterSettings),
    .target(
      name: "WebPCodec", dependencies: ["Codecs", "Imaging", "CLibWebP"],
      swiftSettings: adapterSettings),

    // Adapters behind traits of their own; without its trait a target is empty.
    .target(
      name: "AVIFCodec",
      dependencies: [
        "Codecs", "Imaging", .target(name: "CLibAVIF", condition: .when(traits: ["AVIF"])),
      ],
      swiftSettings: adapterSettings),
    .target(
      name: "JPEGXLCodec",
      dependencies: [
        "Codecs", "Imaging", .target(name: "CLibJXL", condition: .when(traits: ["JPEGXL"])),
      ],
      swiftSettings: adapterSettings),
    .target(
      name: "HEICCodec",
      dependencies: [
        "Codecs", "Imaging", .target(name: "CLibHEIF", condition: .when(traits: ["HEIC"])),
      ],
      swiftSettings: adapterSettings),

    // The learned codecs: what all of them share, and each family.
    .target(name: "CEntropyCoding"),
    .target(
      name: "EntropyCoding", dependencies: ["CEntropyCoding"], swiftSettings: adapterSettings),
    .target(name: "CNeuralKernels"),
    .target(
      name: "CDNNLShims",
      dependencies: [.target(name: "CDNNL", condition: .when(traits: ["Neural"]))],
      cSettings: [.define("CDNNL_SHIMS_ENABLED", .when(traits: ["Neural"]))],
      linkerSettings: [.linkedLibrary("dnnl", .when(traits: ["Neural"]))]),
    .target(
      name: "NeuralNetworks", dependencies: ["StrictJSON", "CDNNLShims", "CNeuralKernels"],
      swiftSettings: adapterSettings),
    .target(
      name: "LearnedCodecs",
      dependencies: [
        "Codecs", "Imaging", "NeuralNetworks", "StrictJSON", "Files",
      ],
      resources: [.copy("Models")]),
    .target(
      name: "ContentWeightedCodec",
      dependencies: ["LearnedCodecs", "Codecs", "Imaging", "NeuralNetworks", "EntropyCoding"]),

    // Measuring and showing.
    .target(name: "RateDistortion", dependencies: ["ImageMetrics", "Statistics"]),
    .target(
      name: "Results",
      dependencies: ["Codecs", "ImageMetrics", "RateDistortion", "Files"],
      swiftSettings: adapterSettings),
    .target(
      name: "Datasets",
      dependencies: [
        "Imaging", "DatasetManifests", "StrictJSON", "Files", "Statistics", "CLibZip",
      ], swiftSettings: adapterSettings),
    .target(
      name: "CodecWorkers", dependencies: ["Codecs", "Imaging", "ChildProcesses", "Files"],
      swiftSettings: adapterSettings),
    .target(
      name: "MeasurementStore",
      dependencies: [
        "Codecs", "ImageMetrics", "Results", "Files",
        .product(name: "GRDB", package: "GRDB.swift"),
      ], swiftSettings: adapterSettings),
    .target(
      name: "Benchmarking",
      dependencies: [
        "Codecs", "ImageMetrics", "Imaging", "Results", "Datasets", "CodecWorkers",
        "MeasurementStore", "Files", "Statistics",
      ]),
    .target(
      name: "Comparing",
      dependencies: ["Codecs", "ImageMetrics", "Results", "RateDistortion", "Statistics"]),
    .target(
      name: "DatasetManifests", path: "Datasets",
      resources: [
        "synthetic", "kodak", "kodak-li2017", "clic2020-professional-valid-12",
        "clic2020-professional-valid",
      ].map { .embedInCode("manifests/\($0).json") }),
    .target(name: "Plotting", dependencies: ["RateDistortion"]),
    .target(
      name: "PDFRendering",
      dependencies: [.target(name: "CLibRSVG", condition: .when(traits: ["PDF"]))],
      swiftSettings: adapterSettings),
    .target(
      name: "Reporting",
      dependencies: [
        "Results", "Datasets", "ImageMetrics", "Imaging", "RateDistortion", "Files",
      ],
      resources: [
        "page.html", "report.css", "page-core.js", "chart-data.js", "chart.js", "chart-input.js",
        "tables.js", "differences.js", "measurements.js", "viewer.js", "page-start.js",
      ].map { .embedInCode("Page/\($0)") }),
    .target(
      name: "Analysis",
      dependencies: [
        "Codecs", "Comparing", "Files", "ImageMetrics", "Imaging", "Plotting", "RateDistortion",
        "Reporting", "Results", "StrictJSON",
        .target(name: "PDFRendering", condition: .when(traits: ["PDF"])),
      ]),
    .executableTarget(
      name: "rdbench",
      dependencies: [
        "Imaging", "ImageMetrics", "Codecs", "CodecRecipes", "JPEGCodec", "JPEG2000Codec",
        "WebPCodec", "AVIFCodec", "JPEGXLCodec", "HEICCodec", "RateDistortion", "Results",
        "Datasets", "CodecWorkers", "MeasurementStore", "Benchmarking", "Comparing", "Plotting",
        "Reporting", "Analysis", "StrictJSON", "Files",
        .target(name: "NeuralNetworks", condition: .when(traits: ["Neural"])),
        .target(name: "LearnedCodecs", condition: .when(traits: ["Neural"])),
        .target(name: "ContentWeightedCodec", condition: .when(traits: ["Neural"])),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // Benchmarks against other libraries.
    .executableTarget(
      name: "MetricsBenchmark", dependencies: ["Imaging", "ImageMetrics"],
      path: "Benchmarks/metrics", exclude: ["README.md", "compare.py", "requirements.txt"]),
    .executableTarget(
      name: "NeuralBenchmark",
      dependencies: ["Codecs", "ContentWeightedCodec", "Imaging", "LearnedCodecs"],
      path: "Benchmarks/neural", exclude: ["README.md", "compare.py"]),
    .executableTarget(
      name: "EntropyBenchmark", dependencies: ["EntropyCoding"],
      path: "Benchmarks/entropy",
      exclude: ["README.md", "compare.py", "reference_network.py"]),

    // Codecs that crash, hang and cheat, for the tests of isolation; in no product.
    .target(name: "HostileCodecs", dependencies: ["Codecs"], path: "Tests/HostileCodecs"),
    .executableTarget(
      name: "HostileProgram",
      dependencies: ["Benchmarking", "CodecWorkers", "Datasets", "HostileCodecs"],
      path: "Tests/HostileProgram"),

    // What the tests share; in no product.
    .target(
      name: "TestSupport", dependencies: ["Codecs", "Imaging", "Statistics"],
      path: "Tests/TestSupport", swiftSettings: adapterSettings),

    // Tests.
    .testTarget(name: "StrictJSONTests", dependencies: ["StrictJSON"]),
    .testTarget(name: "FilesTests", dependencies: ["Files", "TestSupport"]),
    .testTarget(
      name: "ChildProcessesTests", dependencies: ["ChildProcesses", "TestSupport"]),
    .testTarget(name: "ImagingTests", dependencies: ["Imaging"], resources: [.copy("Fixtures")]),
    .testTarget(
      name: "ImageMetricsTests", dependencies: ["ImageMetrics"], resources: [.copy("Fixtures")]),
    .testTarget(
      name: "CodecsTests",
      dependencies: [
        "Codecs", "CodecRecipes", "JPEGCodec", "JPEG2000Codec", "WebPCodec", "AVIFCodec",
        "JPEGXLCodec", "HEICCodec", "ImageMetrics", "TestSupport", "StrictJSON", "HostileCodecs",
        .target(name: "LearnedCodecs", condition: .when(traits: ["Neural"])),
        .target(name: "ContentWeightedCodec", condition: .when(traits: ["Neural"])),
        .product(name: "Crypto", package: "swift-crypto"),
      ], exclude: ["Fixtures"]),
    .testTarget(
      name: "RateDistortionTests", dependencies: ["RateDistortion", "Statistics"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "BenchmarkingTests",
      dependencies: [
        "Benchmarking", "Results", "Datasets", "CodecWorkers", "MeasurementStore", "Comparing",
        "Files", "Statistics", "DatasetManifests", "HostileCodecs", "HostileProgram",
        "TestSupport",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .testTarget(
      name: "EntropyCodingTests",
      dependencies: ["EntropyCoding", "CEntropyCoding", "TestSupport"]),
    .testTarget(
      name: "NeuralNetworksTests", dependencies: ["NeuralNetworks"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "LearnedCodecsTests",
      dependencies: [
        "LearnedCodecs", "ContentWeightedCodec", "Codecs", "Files", "Imaging", "NeuralNetworks",
      ]),
    .testTarget(
      name: "ContentWeightedCodecTests",
      dependencies: ["ContentWeightedCodec", "LearnedCodecs", "Files", "TestSupport"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "PlottingTests", dependencies: ["Plotting"], resources: [.copy("Fixtures")]),
    .testTarget(name: "PDFRenderingTests", dependencies: ["PDFRendering", "Plotting"]),
    .testTarget(name: "ReportingTests", dependencies: ["Reporting", "Results", "Files"]),
    .testTarget(
      name: "AnalysisTests",
      dependencies: [
        "Analysis", "Codecs", "Comparing", "ContentWeightedCodec", "ImageMetrics", "Imaging",
        "LearnedCodecs", "Plotting", "RateDistortion", "Reporting", "Results",
      ]),
    .testTarget(
      name: "CommandLineTests",
      dependencies: [
        "rdbench", "Results", "Datasets", "MeasurementStore", "Files", "TestSupport",
      ],
      resources: [.copy("Fixtures")]),
  ]
)
