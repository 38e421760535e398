import NIOPosix

/// A few threads for what may take long: reading the store, and making the large answers of it.
///
/// The scheduler gives them time after the program's other threads, so that however much is asked
/// for, the engine, the store's writer, the screen and the small answers go first. What comes while
/// all are busy waits.
final class PatientThreads: TaskExecutor {
    /// `nice` of these threads: beside a busy thread of the usual 0 they get about a tenth.
    private static let niceness: Int32 = 10

    private let pool: NIOThreadPool
    /// Waits, before each stretch of work, until nothing more urgent needs the processors.
    private let stepAside: @Sendable () -> Void

    init(count: Int, stepAside: @escaping @Sendable () -> Void = {}) {
        pool = NIOThreadPool(numberOfThreads: count)
        self.stepAside = stepAside
    }

    func start() { pool.start() }

    func stop() async throws { try await pool.shutdownGracefully() }

    /// Throws what the body throws, and `NIOThreadPoolError` when the threads do not run.
    func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await pool.runIfActive {
            self.giveWay()
            return try body()
        }
    }

    /// A task's next stretch. One that comes after the end runs where it is, so that no task is
    /// left hanging.
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        pool.submit { state in
            if case .active = state { self.giveWay() }
            job.runSynchronously(on: self.asUnownedTaskExecutor())
        }
    }

    private func giveWay() {
        ThreadPriority.lowerOwn(to: PatientThreads.niceness)
        stepAside()
    }
}
