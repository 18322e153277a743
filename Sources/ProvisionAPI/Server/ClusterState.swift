import JSON

/// What a server that stands alone says of the cluster that it is all of (C §13, §20): nothing is replicated, nobody else
/// could take over, and it is its own leader.
struct ClusterState: Sendable {
    /// The server's id among members of a cluster.
    let id: String
    /// The endpoint's id.
    let endpoint: String
    let hostName: String
    /// The URL of its API.
    let url: String

    /// What all members of a cluster would have in common (`GlobalHaState`).
    var common: JSONObject {
        [
            "LoadBalanced": false, "Enabled": false, "ConsensusEnabled": false, "ConsensusJoin": "", "VirtAddr": "",
            "ServerHostname": .string(hostName), "ActiveUri": "", "Token": "", "HaID": .string(endpoint),
            "Valid": true, "Roots": [],
        ]
    }

    /// What is this server's own (`NodeHaState`).
    private var node: JSONObject {
        [
            "ConsensusID": .string(id), "VirtInterface": "", "VirtInterfaceScript": "", "ConsensusAddr": "",
            "ApiUrl": .string(url), "Passive": false, "Observer": false,
        ]
    }

    /// Both together (`CurrentHAState`).
    var current: JSONObject { common.merging(node) { $1 } }

    /// The members: this server alone (`NodeInfo`).
    var members: JSONValue {
        [.object(node.merging(["Offline": false, "LastArtifactCommitHandled": 0]) { $1 })]
    }

    /// All that is known of the cluster (`ClusterState`).
    var full: JSONObject { common.merging(["Nodes": members]) { $1 } }
}
