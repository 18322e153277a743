public import Tracker

/// Due times on the tracker: the domain whose objects say what is done when.
public enum Scheduling {
    /// The domain. Its one type is Muster's own: clients who know it find it, and no table of types tells of it.
    ///
    /// - Parameters:
    ///   - conventions: those of the facade that serves schedules: how clients spell filters, and what refusals say.
    ///   - works: what is done at certain times and belongs to no other domain.
    public static func domain(
        conventions: Conventions = Conventions(), works: [ScheduledWork] = []
    ) -> Domain {
        Domain("scheduling", typePrefix: nil, types: [.schedules(conventions)], isPublished: false, works: works)
    }
}
