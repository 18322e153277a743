/// A request that is on its way, for whoever has something else to do until it is answered. It is given up when nobody holds
/// it any more.
final class PendingAnswer: Sendable {
    private let task: Task<Result<APIResponse, ClientError>, Never>

    /// Sends a request; errors are told by `answer`.
    init(_ request: APIRequest, _ client: MusterClient) {
        task = Task {
            do throws(ClientError) {
                return .success(try await client.send(request))
            } catch {
                return .failure(error)
            }
        }
    }

    deinit { task.cancel() }

    /// The answer, once it is there.
    ///
    /// - Throws: as `MusterClient.send`.
    func answer() async throws(ClientError) -> APIResponse {
        let result = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        return try result.get()
    }
}
