public import Basics
import Tracker

/// The types of raw objects that several providers declare together (C §5.3).
public struct RawTypes: Sendable {
    /// Those that there can be, each once.
    public let usable: [RawTypeDeclaration]
    /// What is wrong with the others, a sentence each.
    public let problems: [String]

    /// The types that `declarations` make.
    ///
    /// - Parameter taken: names that no such type can have: those of the server's own types, and of what else paths begin with.
    public init(_ declarations: [RawTypeDeclaration], besides taken: Set<Identifier>) {
        var (usable, problems) = ([RawTypeDeclaration](), [String]())
        var known: [TypeName: RawTypeDeclaration] = [:]
        for declaration in declarations {
            let name = declaration.typeName
            if let problem = declaration.nameProblem {
                problems.append("Provider \(declaration.provider): \(problem)")
            } else if taken.contains(Identifier(name.rawValue)) {
                problems.append("Provider \(declaration.provider): the name \(name) is the server's own")
            } else if let other = known[name] {
                if other.properties == declaration.properties { continue }
                let providers = "\(other.provider) and \(declaration.provider)"
                problems.append("The type \(name) is declared differently by the providers \(providers)")
            } else {
                known[name] = declaration
                usable.append(declaration)
            }
        }
        (self.usable, self.problems) = (usable, problems)
    }
}
