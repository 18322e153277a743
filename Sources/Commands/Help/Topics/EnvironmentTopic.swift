extension HelpTopic {
    /// Where settings of the commands come from.
    static let environment = HelpTopic(
        name: "environment", abstract: "which server and which user: flags, variables and contexts",
        text: """
            ENVIRONMENT

            Which server is asked, and as whom, is said by flags, then by the environment, then by a context:

              -E, --endpoint    RS_ENDPOINT    where the server is; https://127.0.0.1:8092 if nothing says so
              -U, --username    RS_USERNAME    the user
              -P, --password    RS_PASSWORD    the password; RS_KEY has both, as name:password
              -T, --token       RS_TOKEN       a token instead
              --context         MUSTER_CONTEXT a context instead of the current one
              --ca                             a PEM file of authorities to trust
              --insecure                       trust any certificate; passwords go to whoever answers

            `muster context set lab -E https://lab:8092 -U kate` keeps a context in ~/.config/muster/config.yaml, and
            `muster context use lab` makes it the current one. A password is used once, for a token that is kept in
            ~/.cache/muster/tokens for two hours. The certificate of a server is trusted when it is met first and kept in
            ~/.config/muster/known_servers; a changed one is refused until `muster context trust` says otherwise.

            VISUAL or EDITOR is the editor of `muster edit`, NO_COLOR turns colours off, TMPDIR is where texts are edited.
            """)
}
