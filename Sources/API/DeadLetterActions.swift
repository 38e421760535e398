import MarketModel

/// What can be done with dead letters while the program runs.
///
/// Each call may block, on the disk and until the engine has decided; an id that no letter has
/// gives `nil`.
public struct DeadLetterActions: Sendable {
    /// Whatever has become of it.
    public var find: @Sendable (LogPosition) throws -> DeadLetter?
    /// Takes a letter up again; returns it as it is afterwards.
    public var retry: @Sendable (LogPosition) throws -> DeadLetter?
    /// Takes all open ones up, and returns how many these are.
    public var retryAll: @Sendable () throws -> Int
    /// Puts a letter aside; returns it as it is afterwards.
    public var archive: @Sendable (LogPosition) throws -> DeadLetter?

    public init(
        find: @escaping @Sendable (LogPosition) throws -> DeadLetter?,
        retry: @escaping @Sendable (LogPosition) throws -> DeadLetter?,
        retryAll: @escaping @Sendable () throws -> Int,
        archive: @escaping @Sendable (LogPosition) throws -> DeadLetter?
    ) {
        self.find = find
        self.retry = retry
        self.retryAll = retryAll
        self.archive = archive
    }
}
