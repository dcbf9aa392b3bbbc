/// Where a browser exchanges a token for a session.
struct LoginPage: PageView {
    static let template = "login"

    let frame = PageFrame("Sign in", area: .none)
    let next: String
    let failure: String?
    /// Whose session it is already.
    let name: String?

    init(next: String, failure: String? = nil, name: String? = nil) {
        self.next = next
        self.failure = failure
        self.name = name
    }
}
