// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    // Checks of exclusive access at run time cost up to a sixth of a parse; debug builds, and so all tests, keep them.
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

let package = Package(
    name: "csvand",
    products: [
        .executable(name: "csvand", targets: ["csvand"]),
        .executable(name: "csvctl", targets: ["csvctl"]),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache.git", from: "2.1.1"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
    ],
    targets: [
        // Row 0: system libraries and C headers.
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CXlsxwriter", pkgConfig: "xlsxwriter", providers: [.apt(["libxlsxwriter-dev"])]),
        .systemLibrary(name: "CIntrinsics"),
        .systemLibrary(name: "CMalloc"),

        // Row 1
        .target(name: "Shared", swiftSettings: settings),
        .target(name: "Transfer", dependencies: ["CCurl"], swiftSettings: settings),

        // Row 2
        .target(name: "Tabular", dependencies: ["Shared", "CIntrinsics"], swiftSettings: settings),
        .target(name: "Telemetry", swiftSettings: settings),

        // Row 3
        .target(name: "Learning", dependencies: ["Tabular", "Shared", "CIntrinsics"], swiftSettings: settings),
        .target(
            name: "Storage",
            dependencies: [
                "Tabular", "Shared",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: settings),
        .target(
            name: "Alerting",
            dependencies: ["Telemetry", "Shared", "Transfer", .product(name: "Yams", package: "Yams")],
            swiftSettings: settings),

        // Row 4
        .target(
            name: "Operations",
            dependencies: [
                "Shared", "Transfer", "Tabular", "Telemetry", "Learning", "Storage", "Alerting", "CZlib", "CXlsxwriter",
                "CMalloc",
                .product(name: "Yams", package: "Yams"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),

        // Row 5
        .executableTarget(
            name: "csvand",
            dependencies: [
                "Operations", "Telemetry", "Shared", "CSystemd", "CMalloc",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Mustache", package: "swift-mustache"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOExtras", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "csvctl",
            dependencies: [
                "Shared", "Transfer",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),

        // Tests
        .testTarget(name: "ArchitectureTests", swiftSettings: settings),
        .testTarget(name: "SharedTests", dependencies: ["Shared"], swiftSettings: settings),
        .testTarget(name: "TransferTests", dependencies: ["Transfer"], swiftSettings: settings),
        .testTarget(
            name: "TabularTests", dependencies: ["Tabular", "Shared"], exclude: ["Fixtures"], swiftSettings: settings),
        .testTarget(name: "TelemetryTests", dependencies: ["Telemetry"], swiftSettings: settings),
        .testTarget(name: "LearningTests", dependencies: ["Learning", "Tabular", "Shared"], swiftSettings: settings),
        .testTarget(
            name: "StorageTests",
            dependencies: ["Storage", "Tabular", "Shared", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: settings),
        .testTarget(
            name: "AlertingTests", dependencies: ["Alerting", "Telemetry", "Shared", "Transfer"], exclude: ["Fixtures"],
            swiftSettings: settings),
        .testTarget(
            name: "OperationsTests",
            dependencies: ["Operations", "Shared", "Tabular", "Storage", "Learning", "Alerting", "Telemetry"],
            swiftSettings: settings),
        .testTarget(
            name: "AcceptanceTests", dependencies: ["Shared", "Transfer", "csvand", "csvctl"], swiftSettings: settings),
    ]
)
