import Shared

/// A refusal, told to a person.
struct ProblemPage: PageView {
    static let template = "problem"

    let frame: PageFrame
    let status: Int
    let code: String
    let heading: String
    let detail: String
    let remedy: String

    init(_ problem: Problem) {
        frame = PageFrame(problem.title, area: .none)
        status = problem.status
        code = problem.code
        heading = problem.title
        detail = problem.detail
        remedy = problem.remedy
    }
}
