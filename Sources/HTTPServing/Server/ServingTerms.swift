package import Logging

/// On what terms a listener serves: limits, and where things are counted and logged. The same for all of its facades.
package struct ServingTerms: Sendable {
    /// The largest request body in bytes.
    package var bodyLimit = 32 << 20
    /// The proxies whose word counts for where a request came from.
    package var trustedProxies = TrustedProxies()
    /// How long clients may take.
    package var timeouts = Timeouts()
    /// The connections of all ports.
    package var connections = ConnectionRegistry()
    /// The memory of long answers.
    package var answerBudget = AnswerBudget()
    /// Who waits for an answer.
    package var disconnects = DisconnectRegistry()
    /// Counts what happens.
    package var metrics = ServerMetrics()
    /// Where lines go that are about no request.
    package var logger: Logger

    /// The usual terms.
    package init(logger: Logger) { self.logger = logger }
}
