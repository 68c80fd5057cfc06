import ArgumentParser

@main
struct RDBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "rdbench")
}
