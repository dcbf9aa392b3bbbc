/// Times of all processors in seconds by mode.
///
/// Source: proc(5), `/proc/stat`.
struct CPUTimes: Equatable {
    static let modes = ["user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"]

    /// In the order of `modes`.
    var seconds: [Double]
    var processors: Int

    init?(stat text: String, ticksPerSecond: Double) {
        let lines = text.split(separator: "\n")
        guard let total = lines.first(where: { $0.hasPrefix("cpu ") }), ticksPerSecond > 0 else { return nil }
        let ticks = total.split(separator: " ").dropFirst().prefix(Self.modes.count).compactMap { Double($0) }
        guard ticks.count == Self.modes.count else { return nil }
        seconds = ticks.map { $0 / ticksPerSecond }
        processors = lines.filter { $0.hasPrefix("cpu") }.count - 1
    }
}

/// Amounts of memory in bytes.
///
/// Source: proc(5), `/proc/meminfo`.
struct MemoryAmounts: Equatable {
    var total = 0.0
    var available = 0.0
    var free = 0.0
    var swapTotal = 0.0
    var swapFree = 0.0

    init?(meminfo text: String) {
        var amounts: [Substring: Double] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(whereSeparator: { $0 == " " || $0 == ":" })
            if words.count >= 2, let kibibytes = Double(words[1]) { amounts[words[0]] = kibibytes * 1_024 }
        }
        guard let total = amounts["MemTotal"], let free = amounts["MemFree"] else { return nil }
        self.total = total
        self.free = free
        // Kernels before 3.14 do not tell what is available.
        available = amounts["MemAvailable"] ?? free + (amounts["Cached"] ?? 0)
        swapTotal = amounts["SwapTotal"] ?? 0
        swapFree = amounts["SwapFree"] ?? 0
    }
}

/// What `/proc/self/stat` says about the process.
///
/// Source: proc(5), `/proc/pid/stat`, fields 14, 15, 20, 22, 23, 24.
struct ProcessFigures: Equatable {
    var cpuSeconds: Double
    var threads: Double
    /// Seconds after boot.
    var startSeconds: Double
    var virtualBytes: Double
    var residentBytes: Double

    init?(stat text: String, ticksPerSecond: Double, pageBytes: Double) {
        // The program's name stands in parentheses and may hold anything, parentheses too: fields count after the last.
        guard let end = text.lastIndex(of: ")"), ticksPerSecond > 0 else { return nil }
        let fields = text[text.index(after: end)...].split(whereSeparator: { $0 == " " || $0 == "\n" })
        guard fields.count > 21, let user = Double(fields[11]), let system = Double(fields[12]),
            let threads = Double(fields[17]), let start = Double(fields[19]), let virtual = Double(fields[20]),
            let resident = Double(fields[21])
        else { return nil }
        cpuSeconds = (user + system) / ticksPerSecond
        self.threads = threads
        startSeconds = start / ticksPerSecond
        virtualBytes = virtual
        residentBytes = resident * pageBytes
    }
}
