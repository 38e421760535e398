#if canImport(Glibc)
    import Glibc
#endif

/// What the scheduler gives a thread when there is more to do than processors.
enum ThreadPriority {
    /// Of the thread that calls, which on Linux has a priority of its own. Refused where it gives
    /// way more already, which is as well.
    static func lowerOwn(to niceness: Int32) {
        #if os(Linux)
            _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
        #endif
    }
}
