/// The request could not be read to its end: there is nobody to answer.
package struct ConnectionFailure: Error {
    package let cause: any Error

    /// A failure for this cause.
    package init(cause: any Error) { self.cause = cause }
}
