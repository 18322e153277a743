/// What Muster's programs call their version.
public enum ProductVersion {
    /// The version. Clients and packs compare it with versions of the product whose API it serves, so it begins with that API's.
    public static let text = "v4.8.0-muster.1"
}
