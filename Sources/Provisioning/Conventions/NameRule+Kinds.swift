import Tracker

/// How names of dr-provision's types may be spelt (C §4.6).
extension NameRule {
    /// Names of params and keys of `Params`: also `/`.
    static let param = NameRule(separators: "- _./")
    /// Names of machines and ids of templates, which may start with a digit.
    static let machine = NameRule(mayStartWithNumber: true)
    /// Ids of endpoints: as of machines, and `:`, since many are hardware addresses.
    static let endpoint = NameRule(mayStartWithNumber: true, separators: "- _.:")
}
