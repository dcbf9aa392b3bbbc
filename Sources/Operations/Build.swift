import Shared

/// Which build this is.
package enum Build {
    package static let version = ProductVersion.text

    #if compiler(>=6.3)
        package static let swift = "6.3"
    #else
        package static let swift = "6.2"
    #endif
}
