import Basics
public import JSON
public import Tracker

/// What every server has from the start (C §14.4).
public enum BuiltIn {
    /// The layer at the bottom of the stack: what the server cannot do without.
    ///
    /// - Parameters:
    ///   - version: the layer's version; packs name it in their prerequisites.
    ///   - catalog: the server's types; sections that it has no type for are left out.
    /// - Throws: `badPack` when the objects do not fit the catalog's types.
    public static func basicLayer(version: String, catalog: Catalog) throws(TrackerError) -> Layer {
        try Layer.admitting(
            kind: .basic, name: "BasicStore",
            metadata: metadata([
                "Name": "BasicStore", "Description": "Default objects that must be present",
                "Version": .string(version), "Type": "basic", "Overwritable": true,
            ]),
            sections: [
                "bootenvs": ["ignore": .object(ignoreBootEnv), "local": .object(localBootEnv)],
                "stages": ["none": .object(noStage), "local": .object(localStage)],
                "params": ["pxelinux-local-boot": .object(localBootParam)],
                "roles": ["superuser": .object(superuser)],
            ], catalog: catalog)
    }

    /// The `meta` of the writable layer.
    public static let writableMetadata = metadata([
        "Name": "BackingStore", "Description": "Writable backing store", "Version": "0.0.0", "Type": "writable",
        "Writable": true,
    ])

    /// Creates what the writable layer has when a server starts for the first time and what is not there yet: the
    /// global profile and the preferences.
    public static func firstBoot(in draft: inout Draft) throws(TrackerError) {
        if !draft.view.contains("profiles", ParamResolution.globalProfile) {
            try draft.createAsServer("profiles", globalProfile, layer: LayerConventions.provisioning.writableName)
        }
        for name in PreferenceName.allCases where !draft.view.contains("preferences", name.rawValue) {
            let value = name.isSecret ? secret(draft.environment) : name.defaultValue
            if !value.isEmpty { try draft.setPreference(name, value) }
        }
    }

    /// A `meta` with every field that C §5.4 lists.
    private static func metadata(_ values: JSONObject) -> JSONObject {
        let texts = [
            "Name", "Version", "Description", "Source", "Documentation", "RequiredFeatures", "Prerequisites", "Color",
            "Icon", "Author", "DisplayName", "License", "Copyright", "CodeSource", "Order", "Tags", "DocUrl", "Type",
        ]
        var metadata = JSONObject(texts.map { ($0, JSONValue("")) })
        metadata["Writable"] = false
        metadata["Overwritable"] = false
        return metadata.merging(values) { _, value in value }
    }

    /// Text of 32 characters from 192 random bits.
    private static func secret(_ environment: Environment) -> String { Base64.encode(environment.randomBytes(24)) }
}
