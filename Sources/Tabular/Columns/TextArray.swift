/// Many UTF-8 strings in one buffer: string `i` is `bytes[offsets[i] ..< offsets[i + 1]]`.
package struct TextArray: Sendable, Hashable {
    package var bytes: [UInt8]
    /// `count + 1` ascending offsets into `bytes`; the first is 0.
    package var offsets: [UInt32]

    package init() {
        bytes = []
        offsets = [0]
    }

    package init(_ strings: some Sequence<String>) {
        self.init()
        for string in strings { append(string) }
    }

    package var count: Int { offsets.count - 1 }

    package subscript(index: Int) -> String {
        // Invariant: only whole, valid UTF-8 strings are appended.
        String(decoding: bytes[Int(offsets[index])..<Int(offsets[index + 1])], as: UTF8.self)
    }

    package mutating func append(_ string: String) {
        bytes.append(contentsOf: string.utf8)
        offsets.append(UInt32(bytes.count))
    }

    package mutating func append(_ utf8: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: utf8)
        offsets.append(UInt32(bytes.count))
    }
}
