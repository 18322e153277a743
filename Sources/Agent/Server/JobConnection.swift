import Basics
import Client
import JSON

/// What an agent tells the server of a job that it runs.
struct JobConnection: Sendable {
    /// The machine that the job is for.
    let machine: MachineConnection
    /// The job's UUID.
    let uuid: String

    private var path: [String] { ["jobs", uuid] }

    /// What came of an attempt to change a job's state.
    enum Change: Sendable {
        /// It is in the state that was wanted.
        case made
        /// It is in another one: somebody else changed it, or it is gone.
        case takenAway
    }

    /// Takes the job from one state to another. A change whose answer was lost is answered when it is sent again; should that
    /// be too late, the job that has ended as it was to end tells it.
    ///
    /// - Throws: `ClientError` for what the server refuses for other reasons.
    func change(from state: String, to new: String, exitState: String = "") async throws(ClientError) -> Change {
        let members: [(name: String, value: JSONValue)] = [("State", .string(new)), ("ExitState", .string(exitState))]
        do throws(ClientError) {
            try await machine.server.patch(path, members, test: ("State", .string(state)))
            return .made
        } catch {
            switch error.kind {
            case .notFound: return .takenAway
            case .conflict: break
            default: throw error
            }
            // A job that runs may be another agent's by now.
            guard new != "running", let found = try await machine.job(uuid) else { return .takenAway }
            return found.state.hasSameUTF8(as: new) ? .made : .takenAway
        }
    }

    /// Returns once nobody works on the job any more, whoever ended it, or once it is gone.
    ///
    /// - Throws: `ClientError`.
    func waitUntilIdle() async throws(ClientError) {
        var etag = ""
        while true {
            do throws(ClientError) {
                guard let (object, new) = try await machine.server.get(path, unless: etag) else { continue }
                if !JobState(object).isActive { return }
                etag = new
            } catch {
                guard error.kind == .notFound || error.kind == .denied else { throw error }
                return
            }
        }
    }

    // MARK: The log

    /// How many bytes the job's log has.
    ///
    /// - Throws: `ClientError`.
    func logSize() async throws(ClientError) -> Int {
        let answer = try await machine.server.send(APIRequest("HEAD", path + ["log"]))
        return answer.header("content-length").flatMap { Int($0) } ?? 0
    }

    /// What became of a part of the log.
    enum Append: Sendable {
        /// It is durable, this time or since an earlier one.
        case stored
        /// The server's log ends before that part begins: so many bytes it has.
        case gap(size: Int)
        /// The server takes no more of this log.
        case refused(String)
    }

    /// Appends a part of the log, which begins at the byte `start`.
    ///
    /// - Throws: `ClientError` when the server cannot be asked any more.
    func append(_ bytes: [UInt8], at start: Int) async throws(ClientError) -> Append {
        var request = APIRequest("PUT", path + ["log"])
        request.body = bytes
        request.contentType = "application/octet-stream"
        request.headers = [("Content-Range", "bytes \(start)-\(start + bytes.count - 1)/*")]
        do throws(ClientError) {
            try await machine.server.send(request)
            return .stored
        } catch {
            if error.kind == .conflict { return .gap(size: try await logSize()) }
            guard error.status != nil else { throw error }
            return .refused(error.message)
        }
    }
}
