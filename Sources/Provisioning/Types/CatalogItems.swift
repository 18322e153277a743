import JSON
import Tracker

extension ObjectType {
    /// Catalog items: versions of software and content that can be fetched (C §5.3).
    static let catalogItems = ObjectType(
        "catalog_items",
        ObjectSchema(
            "CatalogItem",
            Field.validation + Field.access + Field.meta + Field.owned
                + Field.texts("Id", "Type", "Name", "ActualVersion", "Version", "ContentType", "Source")
                + Field.flags("NOJQSource", "Tip", "HotFix") + [Field("Shasum256", .map(.string))]
        ) { object in object["Type"] = "catalog_items" },
        key: .text("Id"), indexes: [.id])
}
