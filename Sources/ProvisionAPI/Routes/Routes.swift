import Basics
import HTTPServing
import JSON
import Tracker

/// Everything that the API answers.
enum Routes {
    /// The routes for the types of `catalog`.
    static func all(_ catalog: Catalog, version: String) -> [Route] {
        let types = catalog.types.filter { !$0.traits.contains(.internalOnly) }
        let ofTypes = types.flatMap {
            routes(of: $0, in: catalog) + PastHandlers(type: $0).routes + ExplainHandlers(type: $0).routes
        }
        let others =
            ContentsHandlers.routes + PrefsHandlers.routes + IndexesHandlers.routes + InfoHandlers.routes
            + TokenHandlers.routes + InterfacesHandlers.routes + HealthHandlers.routes + LogsHandlers.routes
            + EventsHandlers.routes + ChangesHandlers.routes + HistoryHandlers.routes
            + CheckHandlers.routes + BackupHandlers.routes + BlobHandlers.routes + RenderHandlers.routes
            + WhoamiHandlers.routes + JobHandlers.routes + JobLogHandlers.routes + MachineHandlers.routes
            + WorkOrderHandlers.routes + WebhookHandlers.routes + SystemActionHandlers.routes
            + PluginProviderHandlers.routes
            + PoolHandlers.routes + SubnetHandlers.routes + CertificateHandlers.routes + ClusterHandlers.routes
            + UpgradeHandlers.routes + DebugHandlers.routes
            + TypesHandlers(catalog).routes
        let judged = (ofTypes + others).map { $0.taking(.of($0, in: catalog)) }
        let api = judged + RightsHandlers(judged: RouteTable(judged)).routes
        let known = Set(api.map { Identifier($0.description) })
        let unbuilt = UnbuiltHandlers.routes.filter { !known.contains(Identifier($0.description)) }
        return api + unbuilt.map { $0.taking(.of($0, in: catalog)) }
            + RootHandlers(listed: api, version: version).routes
    }

    private static func routes(of type: ObjectType, in catalog: Catalog) -> [Route] {
        let special = type.typeName == "jobs" ? JobHandlers.next : nil
        var routes = ObjectHandlers(type: type, special: special).routes
        if type.traits.contains(.parameters) { routes += ParamsHandlers(type: type).routes }
        guard type.traits.contains(.writable) else { return routes }
        if type.schema.field("Meta") != nil { routes += MetaHandlers(type: type).routes }
        switch type.typeName {
        case "params": break
        case "jobs": routes += ActionHandlers(type: type, segment: "plugin_actions").routes
        default: routes += ActionHandlers(type: type).routes
        }
        return routes
    }
}
