import Hummingbird

extension Routes {
    func addPages(to router: Router<CallContext>) {
    }
}
