import Foundation

/// Reads what the kernel knows about the machine and the process into a registry's gauges and counters.
package struct HostReader: Sendable {
    private let root: String
    private let stateDirectory: String

    /// - Parameters:
    ///   - stateDirectory: its file system is the disk that is watched.
    ///   - root: where the proc file system is.
    package init(stateDirectory: String, root: String = "/proc") {
        self.stateDirectory = stateDirectory
        self.root = root
    }

    /// Updates the host's and the process's series. What cannot be read keeps its last value. Takes well under a
    /// millisecond; call it before each sampling.
    package func update(_ registry: MetricRegistry) {
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        let page = Double(sysconf(Int32(_SC_PAGESIZE)))
        updateProcessors(registry, ticks)
        updateMemory(registry)
        updateDisk(registry)
        updateProcess(registry, ticks, page)
    }

    private func updateProcessors(_ registry: MetricRegistry, _ ticks: Double) {
        if let text = ProcFile.text(root + "/stat"), let times = CPUTimes(stat: text, ticksPerSecond: ticks) {
            for (mode, seconds) in zip(CPUTimes.modes, times.seconds) {
                registry.counter(.hostCPU, mode).raise(to: seconds)
            }
            registry.set(.hostCPUs, to: Double(times.processors))
        }
        if let load = ProcFile.text(root + "/loadavg")?.split(separator: " ").first.flatMap({ Double($0) }) {
            registry.set(.hostLoad1, to: load)
        }
    }

    private func updateMemory(_ registry: MetricRegistry) {
        guard let text = ProcFile.text(root + "/meminfo"), let memory = MemoryAmounts(meminfo: text) else { return }
        registry.set(.hostMemoryTotal, to: memory.total)
        registry.set(.hostMemoryAvailable, to: memory.available)
        registry.set(.hostMemoryFree, to: memory.free)
        registry.set(.hostMemorySwapTotal, to: memory.swapTotal)
        registry.set(.hostMemorySwapFree, to: memory.swapFree)
    }

    private func updateDisk(_ registry: MetricRegistry) {
        var figures = statvfs()
        guard statvfs(stateDirectory, &figures) == 0 else { return }
        let block = Double(figures.f_frsize)
        registry.set(.hostDiskSize, to: Double(figures.f_blocks) * block)
        registry.set(.hostDiskAvailable, to: Double(figures.f_bavail) * block)
    }

    private func updateProcess(_ registry: MetricRegistry, _ ticks: Double, _ page: Double) {
        if let count = ProcFile.entryCount(root + "/self/fd") {
            registry.set(.processOpenDescriptors, to: Double(count))
        }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            registry.set(.processMaxDescriptors, to: Double(limit.rlim_cur))
        }
        guard let text = ProcFile.text(root + "/self/stat"),
            let process = ProcessFigures(stat: text, ticksPerSecond: ticks, pageBytes: page)
        else { return }
        registry.counter(.processCPU).raise(to: process.cpuSeconds)
        registry.set(.processThreads, to: process.threads)
        registry.set(.processVirtualMemory, to: process.virtualBytes)
        registry.set(.processResidentMemory, to: process.residentBytes)
        let boot = ProcFile.text(root + "/stat")?.split(separator: "\n").first { $0.hasPrefix("btime ") }
        if let boot = boot?.split(separator: " ").last.flatMap({ Double($0) }) {
            registry.set(.processStartTime, to: boot + process.startSeconds)
        }
    }
}
