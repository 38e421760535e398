/// What a mark remembers of an id it is shown.
enum Memory: Equatable {
    /// Not seen before.
    case new
    /// Seen: a duplicate.
    case seen
    /// Not seen, and lower than the first id there ever was: another run of the program may have
    /// stored it.
    case beforeFirst
    /// So far below the newest that nothing is remembered of it.
    case forgotten
}
