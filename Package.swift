// swift-tools-version:6.2
import PackageDescription

// The floors, lowest first: Basics, JSON, Store, Tracker, then Templates, then TemplateCryptography, Content, Access and
// Provisioning, then HTTPServing, NetServices and Plugins, then ProvisionAPI and WebConsole, then Muster.
// A target imports only floors below its own.

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")

let package = Package(
    name: "muster",
    products: [
        .executable(name: "muster", targets: ["Muster"]),
        .executable(name: "muster-agent", targets: ["Agent"]),
        .executable(name: "muster-bench", targets: ["Bench"]),
        .library(name: "MusterClient", targets: ["Client", "ClientContexts"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        .target(name: "CChecksum"),
        .target(name: "Basics", dependencies: ["CChecksum"], swiftSettings: strict),
        .target(name: "BasicsTesting", dependencies: ["Basics"], swiftSettings: strict),

        .target(name: "JSON", dependencies: ["Basics"], swiftSettings: strict),

        .systemLibrary(name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"])]),
        .target(name: "CStorage"),
        .target(name: "Store", dependencies: ["Basics", "CStorage", "CLMDB", "JSON"], swiftSettings: strict),

        .target(name: "StoreTesting", dependencies: ["Basics", "Store"], swiftSettings: strict),
        .target(name: "FuzzTesting", dependencies: ["StoreTesting"], swiftSettings: strict),

        .systemLibrary(name: "CMemory"),
        .target(
            name: "Tracker", dependencies: ["Basics", "CMemory", "JSON", "Store", crypto, logging, metrics],
            swiftSettings: strict),

        .target(name: "Templates", dependencies: ["Basics", "JSON"], swiftSettings: strict),
        .systemLibrary(name: "CCrypt", providers: [.apt(["libcrypt-dev"])]),
        .target(
            name: "TemplateCryptography",
            dependencies: [
                "Basics", "CCrypt", "Templates", crypto,
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ], swiftSettings: strict),
        .target(
            name: "Content",
            dependencies: ["Basics", "JSON", "Store", "Tracker", .product(name: "Yams", package: "Yams")],
            swiftSettings: strict),
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .target(name: "Access", dependencies: ["Basics", "CSodium", "JSON", "Tracker", crypto], swiftSettings: strict),
        .target(
            name: "Scheduling", dependencies: ["Basics", "JSON", "Tracker", logging, metrics], swiftSettings: strict),
        .target(
            name: "Provisioning",
            dependencies: [
                "Access", "Basics", "Content", "JSON", "Tracker", "TemplateCryptography", "Templates", logging,
            ],
            swiftSettings: strict),

        .target(
            name: "Fleet", dependencies: ["Access", "Basics", "JSON", "Tracker"], swiftSettings: strict),

        .target(
            name: "HTTPServing",
            dependencies: [
                "Basics", "JSON", hummingbird, logging, coreMetrics,
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ], swiftSettings: strict),
        .target(name: "CProcess"),
        .target(
            name: "Plugins",
            dependencies: [
                "Access", "Basics", "CProcess", "Content", "JSON", "Provisioning", "Store", "Tracker", logging,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ], swiftSettings: strict),

        .target(
            name: "ProvisionAPI",
            dependencies: [
                "Basics", "JSON", "Tracker", "Content", "Access", "Provisioning", "HTTPServing", "NetServices",
                "Plugins",
                hummingbird,
                logging,
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ], swiftSettings: strict),

        .target(
            name: "FleetAPI",
            dependencies: [
                "Access", "Basics", "Fleet", "HTTPServing", "JSON", "Tracker", logging,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ], swiftSettings: strict),

        .target(name: "CArchive"),
        .target(name: "CNetworking"),
        .target(
            name: "NetServices",
            dependencies: [
                "Basics", "CArchive", "CNetworking", "JSON", "Provisioning", "Templates", "Tracker", crypto, logging,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ], swiftSettings: strict),

        .target(
            name: "WebConsole",
            dependencies: [
                "Access", "Basics", "HTTPServing", "JSON", "Tracker", logging,
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ], swiftSettings: strict),

        .target(
            name: "Client",
            dependencies: [
                "Basics", "JSON", crypto,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ], swiftSettings: strict),
        .target(
            name: "ClientContexts", dependencies: ["Basics", "Client", .product(name: "Yams", package: "Yams")],
            swiftSettings: strict),

        .target(
            name: "Commands",
            dependencies: [
                "Basics", "Client", "ClientContexts", "Content", "JSON", "Store", "Templates", "Tracker", crypto,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: strict),

        .systemLibrary(name: "CMimalloc", providers: [.apt(["libmimalloc-dev"])]),
        .executableTarget(
            name: "Muster",
            dependencies: [
                "Basics", "CMimalloc", "JSON", "Store", "Tracker", "Content", "Access", "Provisioning", "HTTPServing",
                "NetServices", "Plugins", "ProvisionAPI", "Scheduling", "Commands", "WebConsole", "Fleet", "FleetAPI",
                hummingbird,
                logging, coreMetrics, crypto,
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "X509", package: "swift-certificates"),
            ], swiftSettings: strict),

        .executableTarget(
            name: "Agent",
            dependencies: [
                "Basics", "Client", "JSON", logging, .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: strict),

        .executableTarget(
            name: "Bench",
            dependencies: [
                "Basics", "CLMDB", "JSON", "Store", "Tracker", "Access", "Provisioning", "Scheduling",
                hummingbird, logging,
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ], swiftSettings: strict),

        .testTarget(
            name: "BasicsTests", dependencies: ["Basics", "BasicsTesting", "FuzzTesting", "StoreTesting"],
            swiftSettings: strict),
        .testTarget(
            name: "JSONTests", dependencies: ["Basics", "FuzzTesting", "JSON", "StoreTesting"], swiftSettings: strict),
        .testTarget(
            name: "StoreTests", dependencies: ["Basics", "FuzzTesting", "Store", "StoreTesting", "CLMDB"],
            swiftSettings: strict),
        .testTarget(
            name: "TrackerTests",
            dependencies: [
                "Basics", "BasicsTesting", "FuzzTesting", "Tracker", "JSON", "Store", "StoreTesting", logging,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "SchedulingTests",
            dependencies: [
                "Basics", "BasicsTesting", "FuzzTesting", "JSON", "Scheduling", "Store", "StoreTesting", "Tracker",
                logging,
            ], swiftSettings: strict),
        .testTarget(
            name: "TemplatesTests", dependencies: ["Basics", "FuzzTesting", "JSON", "Templates", "StoreTesting"],
            swiftSettings: strict),
        .testTarget(
            name: "TemplateCryptographyTests",
            dependencies: [
                "Basics", "TemplateCryptography", "Templates",
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ], swiftSettings: strict),
        .testTarget(
            name: "ContentTests",
            dependencies: [
                "Basics", "FuzzTesting", "Content", "Provisioning", "Tracker", "JSON", "Store", "StoreTesting", logging,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "AccessTests",
            dependencies: [
                "Basics", "BasicsTesting", "FuzzTesting", "Access", "Provisioning", "Tracker", "JSON", "Store",
                "StoreTesting", logging,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ProvisioningTests", dependencies: ["Basics", "Provisioning", "Tracker", "JSON", "Store", logging],
            swiftSettings: strict),
        .testTarget(
            name: "FleetTests",
            dependencies: ["Basics", "Fleet", "JSON", "Store", "StoreTesting", "Tracker", logging],
            swiftSettings: strict),
        .testTarget(
            name: "FleetAPITests",
            dependencies: [
                "Basics", "FleetAPI", "HTTPServing", "JSON", "Tracker", logging,
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ], swiftSettings: strict),
        .testTarget(
            name: "NetServicesTests",
            dependencies: [
                "Basics", "FuzzTesting", "JSON", "NetServices", "Provisioning", "Store", "StoreTesting", "Tracker",
                logging, .product(name: "NIOCore", package: "swift-nio"),
            ], swiftSettings: strict),
        .testTarget(
            name: "PluginsTests",
            dependencies: [
                "Basics", "FuzzTesting", "JSON", "Plugins", "Provisioning", "Store", "StoreTesting", "Tracker", logging,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ], swiftSettings: strict),
        .testTarget(
            name: "HTTPServingTests",
            dependencies: [
                "Basics", "BasicsTesting", "HTTPServing", "StoreTesting", "JSON", hummingbird, logging,
                coreMetrics,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ], swiftSettings: strict),
        .testTarget(
            name: "ProvisionAPITests",
            dependencies: [
                "Basics", "BasicsTesting", "HTTPServing", "ProvisionAPI", "Access", "Content", "FuzzTesting",
                "Provisioning",
                "Tracker", "JSON", "Store", "StoreTesting", hummingbird, logging,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ], swiftSettings: strict),
        .testTarget(
            name: "ClientTests", dependencies: ["Basics", "Client", "ClientContexts", "JSON", "StoreTesting"],
            swiftSettings: strict),
        .testTarget(
            name: "CommandsTests",
            dependencies: [
                "Basics", "Client", "Commands", "Content", "JSON", "StoreTesting",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "AgentTests", dependencies: ["Agent", "Basics", "JSON", "StoreTesting"], swiftSettings: strict),
        .testTarget(name: "TidyTests", exclude: ["exceptions.txt"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
