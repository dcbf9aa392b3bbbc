// swift-tools-version: 6.2

import PackageDescription

// Fuzzers of the engine that reads what strangers send. The sources are links to the daemon's own, since `package` declarations cannot be
// reached from another package.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .unsafeFlags(["-sanitize=fuzzer", "-parse-as-library"]),
]
let fuzzer: [LinkerSetting] = [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]

let package = Package(
    name: "csvand-fuzz",
    targets: [
        .systemLibrary(name: "CIntrinsics"),
        .systemLibrary(name: "CFuzzer"),
        .target(name: "Shared", swiftSettings: settings),
        .target(name: "Tabular", dependencies: ["Shared", "CIntrinsics"], swiftSettings: settings),
        .target(name: "Learning", dependencies: ["Tabular", "Shared", "CIntrinsics"], swiftSettings: settings),
        .executableTarget(
            name: "ParserFuzz", dependencies: ["Tabular", "Shared", "CFuzzer"], swiftSettings: settings,
            linkerSettings: fuzzer),
        .executableTarget(
            name: "SnifferFuzz", dependencies: ["Tabular", "CFuzzer"], swiftSettings: settings, linkerSettings: fuzzer),
        .executableTarget(
            name: "CodecFuzz", dependencies: ["Tabular", "Shared", "CFuzzer"], swiftSettings: settings,
            linkerSettings: fuzzer),
        .executableTarget(
            name: "ArtifactFuzz", dependencies: ["Learning", "Tabular", "Shared", "CFuzzer"], swiftSettings: settings,
            linkerSettings: fuzzer),
    ]
)
