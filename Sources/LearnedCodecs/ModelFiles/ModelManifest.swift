import Files
import Foundation
import NeuralNetworks
import StrictJSON

/// What `models.json` says about the models of a folder.
public struct ModelManifest: Sendable, Equatable {
  /// One model.
  public struct Entry: Sendable, Equatable {
    /// The name of its two files, `NAME.safetensors` and `NAME.md`.
    public let name: String
    /// The id of the codec that it is for.
    public let codec: String
    /// The size of the weights in bytes.
    public let byteCount: Int
    /// The SHA-256 of the weights.
    public let digest: [UInt8]
    /// The name in the file's own configuration.
    public let configuration: String
    /// What it was trained on.
    public let trainingData: String
    /// The number of optimiser steps.
    public let stepCount: Int
    /// The script that makes such weights again, as a path in the source tree.
    public let recipe: String
    /// The commit of the training programs that made these weights, 40 hexadecimal digits; `nil` where it
    /// was not recorded.
    public let commit: String?
    /// Whether the recipe at that commit has given these very bytes again.
    public let isExact: Bool
    /// The command that runs the recipe.
    public let command: String
    /// How well it does.
    public let curve: Curve

    /// The SHA-256 of the weights in hexadecimal digits.
    public var sha256: String { hexadecimal(digest) }
    /// The first four bytes of it, by which files and the parameter `model` name the model.
    public var identifier: String { hexadecimal(digest.prefix(4)) }
  }

  /// A measured rate-distortion curve, means over a dataset.
  public struct Curve: Sendable, Equatable {
    /// The dataset's name.
    public let dataset: String
    /// The codec's parameters, as in the column `parameters` of the results.
    public let parameters: String
    /// The measured points in the order of their rates.
    public let points: [Point]
  }

  /// One point of a curve.
  public struct Point: Sendable, Equatable {
    /// The position on the quality scale, `nil` for a model of one rate.
    public let quality: Double?
    /// The rate.
    public let bitsPerPixel: Double
    /// The mean of the pictures' PSNR in dB.
    public let psnr: Double
    /// The mean of the pictures' MS-SSIM.
    public let msSSIM: Double
  }

  /// The file's name.
  public static let fileName = "models.json"

  /// The models; the first of a codec encodes by default.
  public let entries: [Entry]

  /// Reads the manifest's text strictly: no key may be missing, left over or of a wrong type.
  ///
  /// - Parameters:
  ///   - json: the text.
  ///   - codecs: the ids of the codecs that models may be for.
  /// - Throws: `NeuralNetworkError` of kind `malformedFile`.
  public init(_ json: Data, codecs: [String]) throws(NeuralNetworkError) {
    var members = try ModelObject(json: json, subject: Self.fileName)
    let version = try members.integer("format_version", in: 0...Int.max)
    try members.require(version == 1, "format_version \(version) is not 1")
    var entries: [Entry] = []
    for (index, value) in try members.list("models").enumerated() {
      var model = try ModelObject(value, subject: "model \(index + 1) in \(Self.fileName)")
      entries.append(try Entry(&model, codecs: codecs))
    }
    try members.finish()
    try members.require(
      Set(entries.map(\.name)).count == entries.count, "two models have the same name")
    self.entries = entries
  }
}

extension ModelManifest.Entry {
  fileprivate init(
    _ members: inout ModelObject, codecs: [String]
  ) throws(NeuralNetworkError) {
    name = try members.string("name")
    try members.require(
      !name.isEmpty && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") },
      "the name \(name) has characters other than letters, digits and hyphens")
    codec = try members.string("codec")
    try members.require(codecs.contains(codec), "the codec \(codec) is not one of \(codecs)")
    byteCount = try members.integer("bytes", in: 1...Int.max)
    let sha256 = try members.string("sha256")
    digest = bytes(ofHexadecimal: sha256) ?? []
    try members.require(digest.count == 32, "sha256 is not 64 hexadecimal digits")
    configuration = try members.string("configuration")
    trainingData = try members.string("training_data")
    stepCount = try members.integer("steps", in: 0...Int.max)
    recipe = try members.string("recipe")
    commit = try members.stringOrNull("commit")
    try members.require(
      commit.map { $0.count == 40 && bytes(ofHexadecimal: $0) != nil } ?? true,
      "commit is neither null nor 40 hexadecimal digits")
    isExact = try members.boolean("exact")
    try members.require(
      !isExact || commit != nil, "exact is true although the commit is not known")
    command = try members.string("command")
    var curve = try members.object("curve")
    self.curve = try ModelManifest.Curve(&curve)
    try members.finish()
  }
}

extension ModelManifest.Curve {
  fileprivate init(_ members: inout ModelObject) throws(NeuralNetworkError) {
    dataset = try members.string("dataset")
    parameters = try members.string("parameters")
    var points: [ModelManifest.Point] = []
    for value in try members.list("points") {
      var point = try ModelObject(value, subject: "a point of a curve")
      points.append(
        ModelManifest.Point(
          quality: try point.numberOrNull("quality"),
          bitsPerPixel: try point.number("bits_per_pixel"), psnr: try point.number("psnr_db"),
          msSSIM: try point.number("ms_ssim")))
      try point.finish()
    }
    self.points = points
    try members.finish()
  }
}
