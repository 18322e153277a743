import JSON

extension BuiltIn {
    static let globalProfile: JSONObject = [
        "Name": "global", "Description": "Global profile attached automatically to all machines.",
        "Meta": ["color": "blue", "icon": "world", "title": title],
    ]

    static let noStage: JSONObject = [
        "Name": "none", "Description": "A stage without tasks, for machines that nothing is to be done to",
        "Meta": ["color": "green", "icon": "circle thin", "title": title],
    ]

    static let localStage: JSONObject = [
        "Name": "local", "BootEnv": "local",
        "Description": "A stage without tasks that boots from the machine's own disk",
        "Meta": ["color": "green", "icon": "radio", "title": title],
    ]

    static let localBootParam: JSONObject = [
        "Name": "pxelinux-local-boot",
        "Description": "The line that makes pxelinux boot from the machine's own disk",
        "Documentation": """
        Firmware differs in how it hands over to the disk. Where `localboot 0` hangs, another of the values that
        pxelinux documents for `localboot`, or a chain loader, often works.
        """,
        "Schema": ["type": "string", "default": "localboot 0"],
    ]

    static let superuser: JSONObject = [
        "Name": "superuser", "Description": "May do everything",
        "Claims": [["scope": "*", "action": "*", "specific": "*"]],
    ]

    static let title: JSONValue = "Digital Rebar Provision"
}
