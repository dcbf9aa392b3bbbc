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
    targets: [
        .systemLibrary(name: "CIntrinsics"),
        .target(name: "Shared", swiftSettings: settings),
        .target(name: "Tabular", dependencies: ["Shared", "CIntrinsics"], swiftSettings: settings),
        .target(name: "Learning", dependencies: ["Tabular", "Shared", "CIntrinsics"], swiftSettings: settings),
        .executableTarget(
            name: "boosting-bench", dependencies: ["Learning"], path: "Sources/BoostingBench", swiftSettings: settings),
        .executableTarget(
            name: "ingest-bench", dependencies: ["Tabular"], path: "Sources/IngestBench", swiftSettings: settings),
    ]
)
