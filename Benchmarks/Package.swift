// swift-tools-version: 6.2

import PackageDescription

// Micro-benchmarks of kernels. The engines are links to the daemon's own sources, since `package` declarations cannot be reached from
// another package; SwiftPM wants the sources of a target inside the package.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
]

let package = Package(
    name: "csvand-benchmarks",
    dependencies: [.package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2")],
    targets: [
        .systemLibrary(name: "CIntrinsics"),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl"),
        .target(name: "Shared", swiftSettings: settings),
        .target(name: "Tabular", dependencies: ["Shared", "CIntrinsics"], swiftSettings: settings),
        .target(name: "Learning", dependencies: ["Tabular", "Shared", "CIntrinsics"], swiftSettings: settings),
        .target(name: "Transfer", dependencies: ["CCurl"], swiftSettings: settings),
        .target(name: "Telemetry", swiftSettings: settings),
        .target(
            name: "Alerting",
            dependencies: ["Telemetry", "Shared", "Transfer", .product(name: "Yams", package: "Yams")],
            swiftSettings: settings),
        .executableTarget(
            name: "alerting-bench", dependencies: ["Alerting", "Telemetry"], path: "Sources/AlertingBench",
            swiftSettings: settings),
        .executableTarget(
            name: "boosting-bench", dependencies: ["Learning", "Tabular", "Shared"], path: "Sources/BoostingBench", swiftSettings: settings),
        .executableTarget(
            name: "ingest-bench", dependencies: ["Tabular"], path: "Sources/IngestBench", swiftSettings: settings),
    ]
)
