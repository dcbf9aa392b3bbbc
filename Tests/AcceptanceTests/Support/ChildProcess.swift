import Foundation
import Synchronization

/// A child of the tests, addressed by its process id until it has been waited for, so that no other process can be hit.
final class ChildProcess: Sendable {
    /// How a process ended.
    enum End: Equatable {
        case exited(Int32)
        case killed(signal: Int32)

        /// As shells show it.
        var code: Int32 {
            switch self {
            case .exited(let status): status
            case .killed(let signal): 128 + signal
            }
        }
    }

    let processID: pid_t
    /// More than a test run has open; closing what is not open does no harm.
    private static let mostDescriptors: Int32 = 256
    private let end = Mutex<End?>(nil)

    /// Starts the program with nothing inherited but the three standard files; those not named are `/dev/null`.
    init(
        _ program: String, _ arguments: [String], environment: [String: String], input: String? = nil,
        output: String? = nil, error: String? = nil
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input ?? "/dev/null", O_RDONLY, 0)
        let flags = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, 1, output ?? "/dev/null", flags, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, error ?? "/dev/null", flags, 0o600)
        for descriptor in 3..<Self.mostDescriptors { posix_spawn_file_actions_addclose(&actions, descriptor) }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Signals that the test runner ignores or blocks must not be so in the child.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let known = ["PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
        let variables = known.merging(environment) { $1 }.map { "\($0.key)=\($0.value)" }
        var argv: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
        defer { for text in argv + envp { free(text) } }
        var id = pid_t()
        let failure = posix_spawnp(&id, program, &actions, &attributes, &argv, &envp)
        guard failure == 0 else { throw TestFailure("\(program): \(String(cString: strerror(failure)))") }
        processID = id
    }

    deinit { kill9() }

    var isRunning: Bool { poll() == nil }

    func send(_ signal: Int32) {
        end.withLock { end in
            if end == nil { kill(processID, signal) }
        }
    }

    /// Waits for the end; nil when it did not come in time.
    func wait(seconds: Double) -> End? {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while true {
            if let end = poll() { return end }
            if ContinuousClock.now > deadline { return nil }
            usleep(5_000)
        }
    }

    func kill9() {
        send(SIGKILL)
        _ = wait(seconds: 10)
    }

    private func poll() -> End? {
        end.withLock { end in
            if end != nil { return end }
            var status: Int32 = 0
            guard waitpid(processID, &status, WNOHANG) == processID else { return nil }
            // As <sys/wait.h> takes a status apart.
            let signal = status & 0x7F
            end = signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: signal)
            return end
        }
    }
}
