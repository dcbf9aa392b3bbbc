import Foundation
import Shared
import Storage
import Tabular

/// What an upload asks for.
package struct UploadRequest: Sendable {
    package var name: String
    package var options: ReadOptions
    package var ifExists: ExistingDataset
    /// False leaves the profile to whoever asks for it first.
    package var profiles: Bool

    package init(
        name: String, options: ReadOptions = ReadOptions(), ifExists: ExistingDataset = .error, profiles: Bool = true
    ) {
        self.name = name
        self.options = options
        self.ifExists = ifExists
        self.profiles = profiles
    }
}

/// An upload under way: what arrives is spooled, and parsed at the same time on threads of its own.
///
/// Used by one caller at a time; ends with either `finish` or `abandon`.
package final class Upload {
    private let spool: Spool
    private let limitBytes: Int
    private let result: Task<DatasetReply, any Error>
    private let failure: Locked<(any Error)?>
    private var gzip: GzipReader?

    /// From so many bytes on an upload leaves more with the allocator than a pass over it costs.
    private static let largeBytes = 16 << 20

    init(
        request: UploadRequest, isGzip: Bool, limitBytes: Int, spoolDirectory: String,
        ingest: @escaping @Sendable (ByteSource) throws -> DatasetReply
    ) throws {
        let spool = try Spool(directory: spoolDirectory)
        let failure = Locked<(any Error)?>(nil)
        self.spool = spool
        self.failure = failure
        self.limitBytes = limitBytes
        if isGzip { gzip = GzipReader(limitBytes: limitBytes) }
        result = Task {
            do {
                return try await Offload.run { try Upload.read(spool, ingest) }
            } catch {
                failure.withLock { $0 = error }
                throw error
            }
        }
    }

    private static func read(_ spool: Spool, _ ingest: (ByteSource) throws -> DatasetReply) throws -> DatasetReply {
        defer { if spool.bytes >= largeBytes { FreedMemory.giveBack() } }
        return try ingest(spool.source)
    }

    /// Takes the next bytes of the body.
    ///
    /// - Throws: `request.too_large` past the limit, what gzip is refused with, or at once what the parser has already met.
    package func append(_ bytes: UnsafeRawBufferPointer) throws {
        if let error = failure.current { throw error }
        if let gzip {
            try gzip.feed(bytes) { try self.keep($0) }
        } else {
            try keep(bytes)
        }
    }

    private func keep(_ bytes: UnsafeRawBufferPointer) throws {
        guard spool.bytes + bytes.count <= limitBytes else { throw Self.tooLarge(limitBytes) }
        try spool.append(bytes)
    }

    /// The body is complete: returns when the dataset is durable.
    package func finish() async throws -> DatasetReply {
        do {
            try gzip?.finish()
        } catch {
            await abandon(error)
            throw error
        }
        spool.complete()
        return try await result.value
    }

    /// The body was broken off or refused: nothing of it is kept.
    package func abandon(_ error: any Error) async {
        spool.fail(error)
        _ = try? await result.value
    }

    static func tooLarge(_ limit: Int) -> Problem {
        Problem(
            .requestTooLarge, "The upload is larger than the limit of \(limit) bytes.",
            remedy: "Raise datasets.max_upload_bytes, or split the file.")
    }
}
