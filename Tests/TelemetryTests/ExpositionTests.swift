import Foundation
import Testing

@testable import Telemetry

@Suite struct ExpositionTests {
    @Test func promtoolFindsNoFaultInTheText() throws {
        let registry = MetricRegistry()
        HostReader(stateDirectory: "/").update(registry)
        registry.increment(.httpRequests, "GET", "/", "200")
        registry.increment(.predictions, "m\"x")
        registry.set(.modelScore, "m", "r2", to: 0.5)
        registry.set(.modelDrift, "m", "age", to: 0.1)
        registry.set(.buildInfo, "1", "6.3", "3.40", to: 1)
        let path = "/usr/bin/promtool"
        try #require(
            FileManager.default.isExecutableFile(atPath: path),
            "promtool is not installed: `make test` installs it (Debian package prometheus)")
        let input = FileManager.default.temporaryDirectory.appending(path: "exposition-\(UUID().uuidString)")
        try Data(registry.exposition()).write(to: input)
        defer { try? FileManager.default.removeItem(at: input) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = ["check", "metrics"]
        process.standardInput = try FileHandle(forReadingFrom: input)
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
        #expect(text.isEmpty)
    }

    @Test func everyFamilyIsInBothFormats() {
        for format in ExpositionFormat.allCases {
            let registry = MetricRegistry()
            registry.increment(.httpRequests, "GET", "/", "200")
            let text = String(decoding: registry.exposition(format), as: UTF8.self)
            #expect(
                text.contains(
                    "# HELP csvand_datasets Datasets stored.\n# TYPE csvand_datasets gauge\ncsvand_datasets 0\n"))
            #expect(text.contains("csvand_http_requests_total{method=\"GET\",route=\"/\",status=\"200\"} 0\n"))
        }
    }
}

@Suite struct HostTests {
    @Test func processorTimesAreReadByMode() throws {
        let text =
            "cpu  100 1 50 2000 7 0 3 4 0 0\ncpu0 50 0 25 1000 3 0 1 2 0 0\ncpu1 50 1 25 1000 4 0 2 2 0 0\nintr 5\n"
        let times = try #require(CPUTimes(stat: text, ticksPerSecond: 100))
        #expect(times.seconds == [1, 0.01, 0.5, 20, 0.07, 0, 0.03, 0.04])
        #expect(times.processors == 2)
        #expect(CPUTimes(stat: "intr 5\n", ticksPerSecond: 100) == nil)
        #expect(CPUTimes(stat: "cpu  1 2\n", ticksPerSecond: 100) == nil)
    }

    @Test func memoryIsReadInBytes() throws {
        let text =
            "MemTotal:  1000 kB\nMemFree:  200 kB\nMemAvailable:  600 kB\nSwapTotal: 10 kB\nSwapFree: 4 kB\nHugePages_Total: 0\n"
        let memory = try #require(MemoryAmounts(meminfo: text))
        #expect(memory.total == 1_024_000)
        #expect(memory.available == 614_400)
        #expect(memory.swapFree == 4_096)
        #expect(MemoryAmounts(meminfo: "") == nil)
    }

    @Test func aProcessNameMayHoldParenthesesAndSpaces() throws {
        let fields = (1...30).map { "\($0 * 10)" }.joined(separator: " ")
        let process = try #require(
            ProcessFigures(stat: "42 (a) b (c)) S " + fields, ticksPerSecond: 10, pageBytes: 4_096))
        // Field 14 of proc(5) is the eleventh number after the state.
        #expect(process.cpuSeconds == (110 + 120) / 10)
        #expect(process.threads == 170)
        #expect(process.startSeconds == 19)
        #expect(process.virtualBytes == 200)
        #expect(process.residentBytes == 210 * 4_096)
        #expect(ProcessFigures(stat: "42 (a) S 1 2", ticksPerSecond: 10, pageBytes: 4_096) == nil)
    }

    @Test func theRunningMachineIsRead() {
        let registry = MetricRegistry()
        HostReader(stateDirectory: "/").update(registry)
        #expect(registry.gauge(.hostMemoryTotal).value > 1e6)
        #expect(registry.gauge(.hostCPUs).value >= 1)
        #expect(registry.gauge(.hostDiskSize).value > 1e6)
        #expect(registry.gauge(.processResidentMemory).value > 1e6)
        #expect(registry.gauge(.processStartTime).value > 1.5e9)
        #expect(registry.gauge(.processOpenDescriptors).value >= 3)
    }
}
