// swift-tools-version: 6.2
import PackageDescription

/// Every module of ours: Swift 6 language mode, warnings as errors.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

func room(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil)
    -> Target
{
    .target(
        name: name, dependencies: dependencies, resources: resources, swiftSettings: house)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil)
    -> Target
{
    .testTarget(
        name: name, dependencies: dependencies + ["TestSupport"], resources: resources,
        swiftSettings: house)
}

let package = Package(
    name: "ticktop",
    products: [.executable(name: "ticktop", targets: ["ticktop"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/LebJe/TOMLKit", exact: "0.6.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", exact: "0.2.0"),
    ],
    targets: [
        .systemLibrary(name: "CNcurses"),
        .systemLibrary(name: "CZlib"),
        .systemLibrary(name: "COpenSSL"),
        .target(name: "CSQLiteShim"),
        room("MarketModel"),
        room("Analytics", ["MarketModel"]),
        room(
            "Engine",
            [
                "MarketModel", "Analytics", "COpenSSL",
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
            "API",
            [
                "MarketModel", "Engine",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        room("TUI", ["MarketModel", "Engine", "CNcurses"]),
        .executableTarget(
            name: "ticktop",
            dependencies: [
                "MarketModel", "Analytics", "Engine", "Feeds", "Storage", "API", "TUI",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "TOMLKit", package: "TOMLKit"),
            ],
            swiftSettings: house),

        .target(
            name: "TestSupport", dependencies: ["MarketModel"], path: "Tests/TestSupport",
            swiftSettings: house),
        tests("MarketModelTests", ["MarketModel"]),
    ]
)
