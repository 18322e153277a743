import Basics
public import Logging
public import Tracker

/// Looks for the files of bootenvs a while after somebody has written these (C §5.1): whoever imports a bootenv mostly
/// uploads its image next.
public enum BootFileLook {
    /// How long nothing has been written before the server looks.
    private static let pause = Duration.seconds(10)

    /// The service that looks: once when the server starts, and then after changes.
    static let service = DomainService("boot-files") { tracker, logger in
        let signal = AsyncSignal()
        var reader = tracker.events.reader(ringing: signal)
        await look(tracker, "look for the files of bootenvs", logger)
        while !Task.isCancelled {
            let seen = tracker.snapshot.revision
            guard await hasChange(&reader, tracker, signal) else {
                // Most commits are about other things, and wake nobody here.
                guard (try? await tracker.snapshot(after: seen, for: .type("bootenvs"))) != nil else { return }
                continue
            }
            repeat {
                // The server stops.
                guard (try? await tracker.environment.sleep(for: pause)) != nil else { return }
            } while await hasChange(&reader, tracker, signal)
            await look(tracker, "look for the files of bootenvs", logger)
        }
    }

    /// Whether somebody has written a bootenv since the last question.
    private static func hasChange(
        _ reader: inout EventReader, _ tracker: DataTracker, _ signal: AsyncSignal
    ) async -> Bool {
        var found = false
        while true {
            do throws(EventError) {
                let groups = try await reader.read()
                if groups.isEmpty { return found }
                found =
                    found
                    || groups.contains { group in
                        group.concerns("bootenvs")
                            && group.events.contains {
                                $0.type == "bootenvs" && ["create", "update"].contains(bytesOf: $0.action)
                            }
                    }
            } catch {
                // Whoever has missed something looks.
                reader = tracker.events.reader(ringing: signal)
                return true
            }
        }
    }

    /// Looks for the files of all bootenvs now, and logs why it cannot.
    ///
    /// - Parameter reason: what the commit is for, as the history has it.
    public static func look(_ tracker: DataTracker, _ reason: String, _ logger: Logger) async {
        let request = TrackerRequest.system(reason).writing(WriteScope(["bootenvs"]))
        do throws(TrackerError) {
            let changes = try await tracker.commit(request) { draft throws(TrackerError) in draft.recheckBootEnvs() }
                .changes
            logger.debug("bootenvs are looked at again", metadata: ["changed": "\(changes.count)"])
        } catch {
            logger.error("bootenvs cannot be looked at again", metadata: ["cause": "\(error)"])
        }
    }
}
