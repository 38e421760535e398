/// How the writer groups, bounds and retries. The defaults suit a disk of any kind.
public struct WriterSettings: Equatable, Sendable {
    /// A commit is due when its oldest effects have waited this long.
    public var lingerMilliseconds: Int64 = 10
    /// A commit is due when this many events wait.
    public var groupEvents = 4096
    /// A commit takes no more than this, however far behind the writer is.
    public var groupEventsMax = 65_536
    /// `perform` waits while this many events, or bytes, are not stored yet.
    public var queueEventsMax = 131_072
    public var queueBytesMax = 64 << 20
    /// Pauses between tries to write double from the first to the last.
    public var retryMillisecondsMin: Int64 = 100
    public var retryMillisecondsMax: Int64 = 5000
    /// Pages in the WAL at which a passive checkpoint runs.
    public var checkpointFrames: Int32 = 4096
    /// The WAL file is emptied between two commits when it has grown beyond this.
    public var walBytesMax: Int64 = 64 << 20

    public init() {}
}
