import TestSupport
import Testing

@testable import CodecWorkers

@Suite struct MemoryLimitTests {
  @Test func `the peak is what the system says`() throws {
    let peak = try #require(WorkerLimits.peakResidentBytes(statusFile: "/proc/self/status"))
    #expect(peak > 1 << 20)
  }

  #if os(Linux)
    @Test func `a system that does not say is not one without a peak`() throws {
      let folder = try TemporaryFolder()
      #expect(WorkerLimits.peakResidentBytes(statusFile: "\(folder.path)/none") == nil)
      try folder.write(Array("Name:\tworker\n".utf8), to: "status")
      #expect(WorkerLimits.peakResidentBytes(statusFile: "\(folder.path)/status") == nil)
      try folder.write(Array("Name:\tworker\nVmHWM:\t  12 kB\n".utf8), to: "status")
      #expect(WorkerLimits.peakResidentBytes(statusFile: "\(folder.path)/status") == 12 << 10)
    }
  #endif
}
