import JSON

extension BuiltIn {
    /// What unknown machines boot: files of their own if there are any, else their disk.
    static let ignoreBootEnv: JSONObject = [
        "Name": "ignore", "OnlyUnknown": true, "OS": ["Name": "ignore"],
        "Description": "Lets machines that the server does not know boot from their own disk",
        "Meta": [
            "color": "green", "icon": "circle thin", "title": title, "feature-flags": "change-stage-v2",
        ],
        "Templates": [
            template("pxelinux", "pxelinux.cfg/default", pxelinux),
            template("ipxe", "default.ipxe", ipxeByAddress),
            template("grub", "grub/grub.cfg", grubByAddress),
        ],
    ]

    /// What known machines boot when nothing is to be done to them.
    static let localBootEnv: JSONObject = [
        "Name": "local", "OS": ["Name": "local"],
        "Description": "Lets machines that the server knows boot from their own disk",
        "Meta": ["color": "green", "icon": "radio", "title": title, "feature-flags": "change-stage-v2"],
        "Templates": [
            template("pxelinux", "pxelinux.cfg/{{.Machine.HexAddress}}", pxelinux),
            template("ipxe", "{{.Machine.Address}}.ipxe", ipxe),
            template("pxelinux-mac", #"pxelinux.cfg/{{.Machine.MacAddr "pxelinux"}}"#, pxelinux),
            template("ipxe-mac", #"{{.Machine.MacAddr "ipxe"}}.ipxe"#, ipxe),
            template("grub", "grub/{{.Machine.Address}}.cfg", grub),
            template("grub-mac", #"grub/{{.Machine.MacAddr "grub"}}.cfg"#, grub),
        ],
    ]

    private static func template(_ name: String, _ path: String, _ contents: String) -> JSONValue {
        ["Name": .string(name), "Path": .string(path), "Contents": .string(contents)]
    }
}
