extension HelpTopic {
    /// Rights (contract §11.2).
    static let claims = HelpTopic(
        name: "claims", abstract: "who may do what: roles, claims and tenants",
        text: """
            CLAIMS

            A claim says what may be done with which objects: {"scope": …, "action": …, "specific": …}. Each is `*` or a list
            with commas. A role is a list of claims, a user has roles:

              muster create role Name=rack-4 'Claims=[{"scope": "machines", "action": "list,get,update:/Runnable", "specific": "*"}]'
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
}
