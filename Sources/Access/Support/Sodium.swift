import CSodium

/// The library for passwords and boxes.
enum Sodium {
    /// Whether the library is ready, which is made sure once: it picks the fastest code for this processor.
    static let isReady = sodium_init() >= 0
}
