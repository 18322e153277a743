import Client
import JSON

/// The machines that must not run, and why, as a program of one's own would ask for them.
func stoppedMachines(of address: String, user: String, password: String) async throws(ClientError) -> [String] {
    let settings = ClientSettings(
        address: try ServerAddress(address), credentials: .password(user: user, password: password),
        trust: .firstUse(KnownServers(path: "/home/\(user)/.config/muster/known_servers")))
    let client = MusterClient(settings)
    do throws(ClientError) {
        var stopped: [String] = []
        try await client.forEachPage(of: "machines", [("Runnable", "false")]) { (rows) throws(ClientError) in
            for row in rows {
                let name = row.member("Name")?.string ?? "", reason = row.member("Description")?.string ?? ""
                stopped.append("\(name): \(reason)")
            }
        }
        await client.close()
        return stopped
    } catch {
        // Connections are closed, whatever came of it.
        await client.close()
        throw error
    }
}

/// Sets a machine running again, unless somebody changed that meanwhile. The write happens once, however often it is sent.
func start(_ machine: String, _ client: MusterClient) async throws(ClientError) {
    let patch: JSONValue = [
        ["op": "test", "path": "/Runnable", "value": false], ["op": "replace", "path": "/Runnable", "value": true],
    ]
    _ = try await client.send(APIRequest("PATCH", ["machines", "Name:\(machine)"], body: patch))
}
