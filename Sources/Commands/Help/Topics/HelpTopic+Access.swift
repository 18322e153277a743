extension HelpTopic {
    /// Rights (contract §11.2).
    static let claims = HelpTopic(
        name: "claims", abstract: "who may do what: roles, claims and tenants",
        text: """
            CLAIMS

            A claim says what may be done with which objects: {"scope": …, "action": …, "specific": …}. Each is `*` or a list
            with commas. A role is a list of claims, a user has roles:

              muster create role Name=rack-4 \\
                  'Claims=[{"scope": "machines", "action": "list,get,update:/Runnable", "specific": "*"}]'
              muster set user kate Roles=rack-4

            The scope is a type. Actions are list, get, create, update and delete; update:/Params/a or update:/Runnable allows
            one part of an object, action:NAME one action, getSecure and updateSecure sealed params. `update:/Params` covers
            everything below it. The specific is a key.

            A request is allowed if one role of its user has all the claims that it takes. What may not be got is answered like
            what does not exist. A tenant bounds what its users see at all, whatever their roles say.

              muster whocan machines update:/Runnable Name:web-1     who may
              muster whydenied kate DELETE /machines/Name:web-1      what decides, and what is missing
              muster token --scope machines --action get             a token with less than you may do
            """)

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
