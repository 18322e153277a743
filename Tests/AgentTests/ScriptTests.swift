import Basics
import JSON
import Testing

@testable import Agent

@Suite struct `A script` {
    @Test(arguments: [
        ("#!/bin/bash\necho", ["/bin/bash"]), ("#! /usr/bin/env python3 -I\n", ["/usr/bin/env", "python3 -I"]),
        ("echo", ["/bin/sh"]), ("", ["/bin/sh"]), ("#!\necho", ["/bin/sh"]), ("# !/bin/bash", ["/bin/sh"]),
        ("#!/bin/sh -e  \nx", ["/bin/sh", "-e"]),
    ]) func `is run by the program that its first line names`(script: String, command: [String]) {
        #expect(ScriptRun.interpreter(of: script) == command)
    }

    @Test(arguments: [
        ("a task.sh", "a-task.sh"), ("../../etc/passwd", "..-..-etc-passwd"), ("", ""), ("ä\n'", "----"),
    ]) func `has a name that files can have`(name: String, file: String) {
        #expect(ScriptRun.fileName(name) == file)
    }

    @Test func `has nothing of the agent's own environment`() {
        let environment = ScriptEnvironment(["RS_TOKEN=secret", "LANG=C", "NOTIFY_SOCKET=x", "PATH=/bin"])
        #expect(environment.inherited == ["LANG=C", "PATH=/bin", "HOME=/root"])
        #expect(ScriptEnvironment([]).inherited == [ScriptEnvironment.usualPath, "HOME=/root"])
    }
}

@Suite struct `The hardware that a machine is known by` {
    @Test(arguments: [
        ("4C4C4544-0042", "4C4C4544-0042"), ("00000000-0000", ""), ("FFFFFFFF-FFFF", ""), ("ffff", ""), ("", ""),
        ("0000-000e", "0000-000e"),
    ]) func `has no identity that many share`(told: String, known: String) {
        #expect(Hardware(addresses: [], systemUUID: told, architecture: "amd64").systemUUID == known)
    }

    @Test func `makes a machine of its first card`() {
        let hardware = Hardware(addresses: ["52:54:00:00:00:01", "x"], systemUUID: "1", architecture: "amd64")
        let object = hardware.object(named: "node-", workflow: "discover", address: nil)
        #expect(object["Name"]?.stringValue == "node-52-54-00-00-00-01")
        #expect(object["Workflow"]?.stringValue == "discover" && object["Address"] == nil)
    }

    @Test func `is read from the kernel without failing where it shows nothing`() {
        let hardware = Hardware.read(sys: "/nonexistent")
        #expect(hardware.addresses.isEmpty && hardware.systemUUID.isEmpty && !hardware.architecture.isEmpty)
    }
}

@Suite struct `The command for power` {
    @Test func `is the system's own unless it is replaced`() {
        let usual = PowerCommand(replacement: nil)
        #expect(usual.arguments(.reboot, hasSystemd: true) == ["systemctl", "reboot"])
        #expect(usual.arguments(.poweroff, hasSystemd: false) == ["poweroff", "-f"])
        let other = PowerCommand(replacement: "ipmi chassis").arguments(.reboot, hasSystemd: true)
        #expect(other == ["/bin/sh", "-c", "ipmi chassis \"$1\"", "muster-agent", "reboot"])
    }
}
