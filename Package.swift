// swift-tools-version: 6.2
import PackageDescription

/// Every module of ours: Swift 6 language mode, warnings as errors.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: house)
}

/// The tests of one room. Folders that hold no Swift (golden files, fixtures, references) are named in `without`.
func tests(
    of room: String, _ dependencies: [Target.Dependency] = [], without exclude: [String] = []
) -> Target {
    .testTarget(
        name: room + "Tests", dependencies: dependencies + ["MarketModel", "TestSupport"],
        exclude: exclude, swiftSettings: house)
}

let package = Package(
    name: "ticktop",
    products: [.executable(name: "ticktop", targets: ["ticktop"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/LebJe/TOMLKit", exact: "0.6.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", exact: "0.2.0"),
    ],
    targets: [
        .target(
            name: "CNcurses",
            linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
        .systemLibrary(name: "CZlib"),
        .systemLibrary(name: "COpenSSL"),
        .systemLibrary(name: "CPrefetch"),
        .systemLibrary(name: "CRdKafka"),
        .systemLibrary(name: "CSnappy"),
        .target(name: "CSQLiteShim"),
        room("MarketModel"),
        room("Analytics", ["MarketModel"]),
        room(
            "Engine",
            [
                "MarketModel", "Analytics", "COpenSSL", "CPrefetch",
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ]),
        room(
            "Feeds",
            [
                "MarketModel",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        room(
            "Storage",
            [
                "MarketModel", "CZlib", "CSQLiteShim",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]),
        room(
            "Kafka", ["MarketModel", "CRdKafka", .product(name: "Logging", package: "swift-log")]),
        room(
            "API",
            [
                "MarketModel", "Engine",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ]),
        room("Export", ["MarketModel", "CSnappy"]),
        room("TUI", ["MarketModel", "Engine", "Export", "CNcurses"]),
        room(
            "Remote",
            [
                "MarketModel", "Engine",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ]),
        room(
            "TicktopConfiguration", ["MarketModel", .product(name: "TOMLKit", package: "TOMLKit")]),
        .executableTarget(
            name: "ticktop",
            dependencies: [
                "MarketModel", "Analytics", "Engine", "Feeds", "Kafka", "Storage", "API", "TUI",
                "Remote", "Export", "TicktopConfiguration",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house),

        .target(name: "AllocationCount", path: "Benchmarks/AllocationCount"),
        .executableTarget(
            name: "ticktop-bench",
            dependencies: [
                "AllocationCount", "MarketModel", "Analytics", "Engine", "Feeds",
                "Kafka", "Storage",
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Benchmarks/Program", swiftSettings: house),
        .executableTarget(
            name: "ticktop-bare-route",
            dependencies: [
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Benchmarks/BareRoute", swiftSettings: house),

        .target(
            name: "TestSupport", dependencies: ["MarketModel"], path: "Tests/TestSupport",
            swiftSettings: house),
        tests(of: "MarketModel", without: ["Reference"]),
        tests(of: "Analytics", ["Analytics"], without: ["Fixtures", "Reference"]),
        tests(of: "Engine", ["Engine", "Analytics"], without: ["Reference"]),
        tests(
            of: "Feeds",
            [
                "Feeds", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ], without: ["Fixtures", "Reference"]),
        tests(
            of: "Storage",
            [
                "Storage", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]),
        tests(of: "Kafka", ["Kafka", "CRdKafka", .product(name: "Logging", package: "swift-log")]),
        tests(
            of: "API", ["API", "Engine", .product(name: "Logging", package: "swift-log")],
            without: ["Golden", "Reference"]),
        tests(of: "TUI", ["TUI", "Engine"], without: ["Golden"]),
        tests(of: "Export", ["Export"], without: ["Reference"]),
        tests(
            of: "Remote",
            [
                "Remote", "API", "Engine", "TUI", "Analytics",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),
        tests(of: "TicktopConfiguration", ["TicktopConfiguration"], without: ["Fixtures"]),
        tests(
            of: "Pipeline", ["ticktop", "Analytics", "Engine", "Feeds", "Kafka"],
            without: ["Reference"]),
        tests(of: "Tidy"),
    ]
)
