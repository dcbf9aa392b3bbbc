/// Which build this is.
package enum Build {
    package static let version = "0.1.0"

    #if compiler(>=6.3)
        package static let swift = "6.3"
    #else
        package static let swift = "6.2"
    #endif
}
