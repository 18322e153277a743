import Access
import Basics
import JSON
import Templates
import Tracker

/// The tokens that templates ask for (C §11.3, §16).
extension RenderScene {
    /// The lifetime of tokens that are to outlive the machine's installation.
    private static let longest = Duration.seconds(3 * 365 * 86_400)

    /// The token that a method makes.
    func token(_ method: String, _ arguments: [TemplateValue]) throws(TemplateFailure) -> String {
        let request: TokenRequest
        switch method {
        case "GenerateToken":
            request = machineToken(Preferences(view).tokenTimeout(isKnown: machine != nil))
        case "GenerateInfiniteToken":
            request = machineToken(machine == nil ? Preferences(view).tokenTimeout(isKnown: false) : Self.longest)
        default:
            let name = arguments[0].argument
            let claim = Claim("profiles", "get,update", name)
            request = TokenRequest(
                .service("profiles/\(name)"), lifetime: try Self.lifetime(arguments[1]), claims: [claim])
        }
        do throws(RenderError) { return try services.issueToken(request, view) } catch {
            throw TemplateFailure(error.description)
        }
    }

    /// A token for what runs on the machine; for an unknown one, to make itself known.
    private func machineToken(_ lifetime: Duration) -> TokenRequest {
        guard let machine else {
            return TokenRequest(.service(MachineClaims.runner), lifetime: lifetime, claims: MachineClaims.discovery)
        }
        let (uuid, address) = (machine.key.string, machine.text("Address"))
        return TokenRequest(
            .machine(uuid), lifetime: lifetime,
            claims: MachineClaims.known(uuid, address: address.isEmpty ? nil : HexAddress.text(address)))
    }

    /// A lifetime: seconds, or text with a unit.
    private static func lifetime(_ value: TemplateValue) throws(TemplateFailure) -> Duration {
        let duration: Duration? =
            switch value {
            case .integer(let seconds, _): .seconds(seconds)
            case .float(let seconds): Int64(exactly: seconds.rounded()).map { .seconds($0) }
            case .string(let text): Duration(musterText: text, defaultUnit: .seconds)
            default: nil
            }
        guard let duration, duration > .zero, duration <= longest else {
            throw TemplateFailure("a token lives from a second to three years: give seconds, or a text such as 1h")
        }
        return duration
    }
}
