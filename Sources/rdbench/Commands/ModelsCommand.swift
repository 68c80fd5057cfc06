#if Neural
  import Analysis
  import ArgumentParser
  import LearnedCodecs
  import NeuralNetworks

  /// `rdbench models`: the weights of the learned codecs.
  struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "models",
      abstract: "List and verify the models of the learned codecs.",
      discussion: """
        The models come with rdbench and lie beside the program. $RDBENCH_MODELS names another \
        folder to be used in their place, here and by all other commands.

        EXAMPLES:
          rdbench models list
          rdbench models verify
          RDBENCH_MODELS=~/models rdbench run --codecs cw
        """,
      subcommands: [List.self, Verify.self], defaultSubcommand: List.self)
  }

  extension ModelsCommand {
    /// `rdbench models list`.
    struct List: ParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "List the models with what they were made from.",
        discussion: """
          Reads only the manifest; ‘rdbench models verify’ reads the weights. The first model of a \
          codec encodes unless the codec's parameter ‘model’ names another.

          EXAMPLES:
            rdbench models list
            rdbench models list --json
          """)

      @Flag(help: "Print JSON.")
      var json = false

      func run() throws {
        let entries = try ModelArguments.catalog()?.manifest.entries ?? []
        if json { return print(try JSONText.text(entries.map(\.json))) }
        guard !entries.isEmpty else {
          return Console.note("this build comes without models; --model FILE gives some")
        }
        var table = TextTable([
          ("name", .left), ("codec", .left), ("model", .left), ("MB", .right), ("steps", .right),
          ("bits per pixel", .left), ("trained on", .left),
        ])
        for entry in entries {
          table.add([
            entry.name, entry.codec, entry.identifier, fixed(Double(entry.byteCount) / 1e6, 1),
            "\(entry.stepCount)", entry.curve.rates, entry.trainingData,
          ])
        }
        print(table.text, terminator: "")
      }
    }

    /// `rdbench models verify`.
    struct Verify: ParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Check the files of the models.",
        discussion: """
          Recomputes sizes and SHA-256, loads each model strictly and looks for its model card. A \
          model is ok or damaged; one that is damaged is a finding and gives exit code 1.

          EXAMPLES:
            rdbench models verify
            rdbench models verify --json
          """)

      @Flag(help: "Print JSON.")
      var json = false

      func run() throws {
        let verdicts = try verify(ModelArguments.catalog())
        if json {
          print(try JSONText.text(verdicts.map(\.json)))
        } else if verdicts.isEmpty {
          Console.note("this build comes without models, so there is nothing to verify")
        }
        for verdict in verdicts where !json {
          let problems = verdict.problems.joined(separator: "; ")
          print("\(verdict.name) \(verdict.word)" + (problems.isEmpty ? "" : ": \(problems)"))
        }
        if !verdicts.allSatisfy(\.isIntact) { throw ExitCode(1) }
      }

      private func verify(
        _ catalog: ModelCatalog?
      ) throws(CommandFailure) -> [ModelCatalog.Verification] {
        do throws(NeuralNetworkError) {
          return try catalog?.verify() ?? []
        } catch {
          throw CommandFailure(error.message)
        }
      }
    }
  }

  extension ModelManifest.Entry {
    fileprivate var json: JSONText.Value {
      .object([
        "name": .string(name), "codec": .string(codec), "model": .string(identifier),
        "bytes": .integer(byteCount), "sha256": .string(sha256),
        "configuration": .string(configuration), "training_data": .string(trainingData),
        "steps": .integer(stepCount), "recipe": .string(recipe),
        "commit": commit.map(JSONText.Value.string) ?? .number(nil), "exact": .bool(isExact),
        "command": .string(command), "curve": curve.json,
      ])
    }
  }

  extension ModelManifest.Curve {
    /// The lowest and the highest rate.
    fileprivate var rates: String {
      let rates = points.map(\.bitsPerPixel)
      guard let lowest = rates.min(), let highest = rates.max() else { return "–" }
      return "\(fixed(lowest, 3))…\(fixed(highest, 3)) on \(dataset)"
    }

    fileprivate var json: JSONText.Value {
      .object([
        "dataset": .string(dataset), "parameters": .string(parameters),
        "points": .list(
          points.map { point in
            .object([
              "quality": .number(point.quality), "bits_per_pixel": .number(point.bitsPerPixel),
              "psnr_db": .number(point.psnr), "ms_ssim": .number(point.msSSIM),
            ])
          }),
      ])
    }
  }

  extension ModelCatalog.Verification {
    fileprivate var word: String { isIntact ? "ok" : "damaged" }

    fileprivate var json: JSONText.Value {
      .object([
        "name": .string(name), "verdict": .string(word),
        "problems": .list(problems.map(JSONText.Value.string)),
      ])
    }
  }
#endif
