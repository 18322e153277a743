/// The request could not be read to its end: there is nobody to answer.
struct ConnectionFailure: Error {
    let cause: any Error
}
