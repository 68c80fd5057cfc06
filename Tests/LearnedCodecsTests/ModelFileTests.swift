import Files
import Foundation
import LearnedCodecs
import NeuralNetworks
import Testing

@Suite struct ModelFileTests {
  @Test func readsWhatAllModelsSay() throws {
    let data = try TinyModelFile.bytes(channels: 1)
    let file = try ModelFile(data, name: "a.safetensors")
    #expect(file.fileName == "a.safetensors" && file.name == "tiny-1" && file.kind == "tiny")
    #expect(file.elementType == .float32)
    #expect(file.digest == SHA256Digest.bytes(of: data))
    #expect(try TinyModel.configuration(of: file).channelCount == 1)
    let model = try TinyModel(file)
    #expect(model.digest == file.digest && model.identifier == Array(file.digest.prefix(4)))
    #expect(model.name == hexadecimal(file.digest).prefix(8))
  }

  @Test(
    arguments: [
      (#""format_version": 1"#, #""format_version": 2"#, "format_version 2 is not 1"),
      (#""kind": "tiny""#, #""kind": "huge""#, "the kind huge is not tiny"),
      (#""weights": "F32""#, #""weights": "F8""#, "weights is F8, not one of"),
      (#""weights": "F32""#, #""weights": "F16""#, "has the type F32, not F16"),
      (#""training": {}, "#, "", "training is missing"),
      (#""channels": 3"#, #""channels": 2"#, "1 or 3 channels"),
      (#""channels": 3"#, #""channels": 1"#, "has the shape"),
      (#""channels": 3"#, #""channels": 3, "more": 1"#, "unknown keys more"),
    ])
  func refuses(text: String, replacement: String, reason: String) throws {
    let configuration = TinyModelFile.configuration(channels: 3)
    #expect(configuration.contains(text))
    let data = try TinyModelFile.bytes(
      configuration: configuration.replacing(text, with: replacement))
    #expect {
      try TinyModel(data, name: "model.safetensors")
    } throws: { error in
      let message = (error as? NeuralNetworkError)?.message ?? ""
      return message.contains(reason) && message.contains("model.safetensors")
    }
  }

  @Test func refusesOtherFormatsAndTensorsLeftOver() throws {
    let other = try TinyModelFile.bytes(format: "pt")
    let error = #expect(throws: NeuralNetworkError.self) { try ModelFile(other, name: "a") }
    #expect(error?.message == "a is no model of rdbench")
    let surplus = try TinyModelFile.bytes(
      isConditioned: true, configuration: TinyModelFile.configuration(channels: 3))
    #expect {
      try TinyModel(surplus, name: "a")
    } throws: { error in
      ((error as? NeuralNetworkError)?.message ?? "").contains(
        "does not use: modulation.factors.encoder.bias")
    }
  }

  @Test func referencesReadTheConfigurationWithoutTheWeights() throws {
    let reference = ModelReference(try TinyModelFile.model(channels: 1))
    #expect(try reference.configuration(as: TinyModel.self).channelCount == 1)
    #expect(try reference.model(as: TinyModel.self).digest == reference.digest)
    #expect(reference.codec == "tiny")
  }
}

@Suite struct CodecModelsTests {
  @Test func picksTheModelsOfTheCodecOnce() throws {
    let models = try [1, 3, 1].map { ModelReference(try TinyModelFile.model(channels: $0)) }
    let picked = CodecModels<TinyModel>(models, of: "tiny")
    #expect(picked.references.map(\.name) == models.prefix(2).map(\.name))
    #expect(picked.parameter.defaultValue == models[0].name)
    #expect(picked.parameter.valuesSummary == "\(models[0].name)|\(models[1].name)")
    #expect(try picked.defaultConfiguration().get()?.channelCount == 1)
    #expect(CodecModels<TinyModel>(models, of: "other").references.isEmpty)
  }

  @Test func codecsWithoutModelsSayWhatTheyLack() throws {
    let models = CodecModels<TinyModel>([], of: "tiny")
    #expect(models.parameter.defaultValue == "none")
    #expect(try models.defaultConfiguration().get() == nil)
    let provider = TinyCodec.providers(models: [])[0]
    #expect {
      try provider.codec()
    } throws: { error in
      "\(error)".contains("--model FILE")
    }
  }
}
