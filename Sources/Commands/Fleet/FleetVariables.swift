import ArgumentParser
import Basics
import Client
import JSON

extension FleetCommand {
    /// `muster fleet vars`.
    struct Variables: FleetClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "vars", abstract: "Show, set and remove the variables of a member of a collection.",
            discussion: """
                NAME=VALUE sets a variable, NAME= removes it; without either they are shown, with --explain also where each \
                comes from. A value is JSON, or else text.

                Examples:
                  muster fleet vars host web-1 --explain
                  muster fleet vars region DFW ntp='["10.0.0.1"]' location= --reason 'ticket 7'
                """)

        @OptionGroup var one: FleetMember
        @Argument(help: ArgumentHelp("NAME=VALUE, or NAME= to remove it.", valueName: "name=value"))
        var assignments: [String] = []
        @Flag(help: "Say where each variable comes from, and what it hides.") var explain = false
        @OptionGroup var fleet: FleetOptions

        func run(_ inventory: FleetInventory, _ session: CommandSession) async throws {
            try await inventory.variables(
                try FleetInventory.collection(one.collection), one.member, setting: assignments, explains: explain,
                session)
        }
    }

    /// `muster fleet lint`.
    struct Lint: FleetClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "lint", abstract: "Tell what in the inventory changes nothing, is missing or does not fit.",
            discussion: """
                Rules are redundant-override, changed-type, unused-label, misplaced, empty-place, shared-address, \
                no-interface, inactive-parent, missing-secret and unknown-machine.

                Examples:
                  muster fleet lint
                  muster fleet lint --rule redundant-override --rule misplaced --limit 0 --strict
                """)

        @Option(help: ArgumentHelp("Only this; may be given again.", valueName: "rule")) var rule: [String] = []
        @Option(help: "How many findings at the most; 0 for all.") var limit: Int = 100
        @Flag(help: "End with status 1 if anything is found.") var strict = false
        @OptionGroup var fleet: FleetOptions

        func run(_ inventory: FleetInventory, _ session: CommandSession) async throws {
            var query = [(name: "limit", value: String(limit))]
            if !rule.isEmpty { query.append((name: "rule", value: rule.joined(separator: ","))) }
            let findings = try await inventory.send("GET", ["lint"], query: query)["findings"]?.arrayValue ?? []
            if session.form.isTable {
                var table = Table(["rule", "kind", "id", "name", "finding"])
                for finding in findings {
                    let names = ["rule", "kind", "id", "name", "message"]
                    table.add(names.map { name in finding[name].map { $0.stringValue ?? $0.canonicalText } ?? "" })
                }
                try session.console.write(table.text(table.widths(limit: Terminal.width), hasHeadings: true))
            } else {
                try session.show(.array(findings))
            }
            if strict, !findings.isEmpty {
                try session.console.flush()
                throw ExitCode(1)
            }
        }
    }

    /// `muster fleet demo`.
    struct Demo: FleetClientCommand {
        static let configuration = CommandConfiguration(
            commandName: "demo", abstract: "Fill an empty inventory with things to try it with.",
            discussion: """
                It makes 2 clouds with 2 regions each, 8 cells, 8 networks, 8 switches, 64 hosts, of which half are \
                containers on the others, and 72 network interfaces: what Craton's generator of fake data made.

                Examples:
                  muster fleet demo
                """)

        @OptionGroup var fleet: FleetOptions

        func run(_ inventory: FleetInventory, _ session: CommandSession) async throws {
            for (number, version) in [(1, "juno"), (2, "kilo")] {
                let cloud = try await make(inventory, "clouds", ["name": .string("CLOUD\(number)")])
                try await set(inventory, ["clouds", cloud], ["version": .string(version)])
                for region in ["ORD135", "DFW"] { try await fill(inventory, cloud, number, region) }
            }
            Console.note("2 clouds, 4 regions, 8 cells, 8 networks, 8 switches, 64 hosts and 72 interfaces are there")
        }

        private func fill(
            _ inventory: FleetInventory, _ cloud: String, _ number: Int, _ name: String
        ) async throws(ClientError) {
            let placed: JSONObject = ["cloud_id": Self.number(cloud)]
            let region = try await make(inventory, "regions", placed.merging(["name": .string(name)]) { $1 })
            try await set(
                inventory, ["regions", region], ["glance_default_store": "swift", "neutron_l2_population": false])
            for cellName in ["C0001", "C0002"] {
                var place = placed
                place["region_id"] = Self.number(region)
                let cell = try await make(inventory, "cells", place.merging(["name": .string(cellName)]) { $1 })
                place["cell_id"] = Self.number(cell)
                try await fill(inventory, place, cellName, "\(name).\(cellName).C-\(number)", "\(cellName).\(name)")
            }
        }

        private func fill(
            _ inventory: FleetInventory, _ place: JSONObject, _ cell: String, _ hostPlace: String, _ switchPlace: String
        ) async throws(ClientError) {
            let network: JSONObject = [
                "name": .string("private_net_\(cell)"), "cidr": "192.168.1.0/24", "netmask": "255.255.255.0",
                "gateway": "192.168.1.1", "ip_block_type": "private",
            ]
            let networkID = try await make(inventory, "networks", place.merging(network) { $1 })
            let hub: JSONObject = [
                "name": .string("switch1.\(switchPlace).example.com"), "device_type": "switch", "active": true,
                "ip_address": "10.10.1.1", "model_name": "model-x", "os_version": "version-1",
            ]
            let switchID = try await make(inventory, "network-devices", place.merging(hub) { $1 })
            for port in 0..<5 {
                try await connect(inventory, switchID, port, "10.10.0.\(port + 1)", networkID)
            }
            for index in 0..<4 {
                let name = "host\(index % 2).\(hostPlace).example\(index / 2 + 1).com"
                let host = try await device(inventory, place, name, "192.168.1.\(5 + index)", "server", switchID)
                try await connect(inventory, host, 0, "10.10.0.9", networkID)
                _ = try await device(inventory, place, "container_\(name)", "172.0.0.\(2 + index)", "container", host)
            }
        }

        private func device(
            _ inventory: FleetInventory, _ place: JSONObject, _ name: String, _ address: String, _ type: String,
            _ parent: String
        ) async throws(ClientError) -> String {
            let host: JSONObject = [
                "name": .string(name), "ip_address": .string(address), "device_type": .string(type), "active": true,
                "parent_id": Self.number(parent), "labels": [.string(type)],
            ]
            return try await make(inventory, "hosts", place.merging(host) { $1 })
        }

        private func connect(
            _ inventory: FleetInventory, _ device: String, _ port: Int, _ address: String, _ network: String
        ) async throws(ClientError) {
            _ = try await make(
                inventory, "network-interfaces",
                [
                    "name": .string("eth\(port)"), "device_id": Self.number(device), "interface_type": "ethernet",
                    "ip_address": .string(address), "port": JSONValue(port), "network_id": Self.number(network),
                ])
        }

        private func make(
            _ inventory: FleetInventory, _ collection: String, _ body: JSONObject
        ) async throws(ClientError) -> String {
            try await inventory.send("POST", [collection], body: .object(body))["id"]?.canonicalText ?? ""
        }

        private func set(
            _ inventory: FleetInventory, _ path: [String], _ variables: JSONObject
        ) async throws(ClientError) {
            _ = try await inventory.send("PUT", path + ["variables"], body: .object(variables))
        }

        private static func number(_ text: String) -> JSONValue { JSONValue(Int(text) ?? 0) }
    }
}
