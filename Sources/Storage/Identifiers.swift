/// Makes opaque identifiers from an injected random source.
package struct Identifiers: Sendable {
    private let random: @Sendable () -> UInt64

    /// `random` gives 64 uniform bits a call.
    package init(random: @escaping @Sendable () -> UInt64) { self.random = random }

    /// Identifiers from the system's random source.
    package static let system = Identifiers {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }

    /// `prefix_` and 20 letters or digits: 100 random bits, in an alphabet without look-alikes.
    package func next(_ prefix: String) -> String {
        let alphabet: [Character] = Array("0123456789abcdefghjkmnpqrstvwxyz")
        var text = prefix + "_"
        for _ in 0..<2 {
            var bits = random()
            for _ in 0..<10 {
                text.append(alphabet[Int(bits & 31)])
                bits >>= 5
            }
        }
        return text
    }
}
