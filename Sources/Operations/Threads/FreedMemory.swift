import CMalloc

/// What was freed in pieces between others stays with the C library's allocator: hundreds of MiB after a training on a large table,
/// tens after a large upload.
enum FreedMemory {
    /// Gives all pages that nothing is on back to the system, in milliseconds.
    static func giveBack() { malloc_trim(0) }
}
