import Foundation

/// The machine-readable description of the REST interface.
enum OpenAPI {
    static let document = Data("{}".utf8)
}
