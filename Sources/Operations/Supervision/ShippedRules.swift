/// The rules of `etc/alerts.yaml`, in force where no rule file is installed. A test compares the two.
enum ShippedRules {
    static let text = #"""
        groups: []
        """#
}
