extension FunctionNames {
    /// The generic functions of sprig v3 without `env`, `expandenv`, `ago` and `now`: what a template shows must not
    /// depend on the server's environment or the time of day (contract C §16).
    public static let sprig = FunctionNames(
        [dates, strings, numbers, defaults, types, paths, encodings, collections, cryptography, patterns, others]
            .flatMap(words))

    private static let dates = """
        date dateInZone dateModify date_in_zone date_modify duration durationRound htmlDate htmlDateInZone
        mustDateModify mustToDate must_date_modify toDate unixEpoch
        """

    private static let strings = """
        abbrev abbrevboth camelcase cat contains hasPrefix hasSuffix hello indent initials kebabcase lower nindent
        nospace plural quote randAlpha randAlphaNum randAscii randNumeric repeat replace shuffle snakecase split
        splitList splitn squote substr swapcase title toString toStrings trim trimAll trimPrefix trimSuffix trimall
        trunc untitle upper wrap wrapWith
        """

    private static let numbers = """
        add add1 add1f addf atoi biggest ceil div divf float64 floor int int64 max maxf min minf mod mul mulf randInt
        round seq sub subf toDecimal until untilStep
        """

    private static let defaults = """
        all any coalesce compact deepCopy default empty fromJson mustCompact mustDeepCopy mustFromJson mustToJson
        mustToPrettyJson mustToRawJson ternary toJson toPrettyJson toRawJson
        """

    private static let types = "deepEqual kindIs kindOf typeIs typeIsLike typeOf"

    private static let paths = "base clean dir ext isAbs osBase osClean osDir osExt osIsAbs"

    private static let encodings = "b32dec b32enc b64dec b64enc"

    private static let collections = """
        append chunk concat dict dig first get has hasKey initial join keys last list merge mergeOverwrite mustAppend
        mustChunk mustFirst mustHas mustInitial mustLast mustMerge mustMergeOverwrite mustPrepend mustPush mustRest
        mustReverse mustSlice mustUniq mustWithout omit pick pluck prepend push rest reverse set slice sortAlpha tuple
        uniq unset values without
        """

    private static let cryptography = """
        adler32sum bcrypt buildCustomCert decryptAES derivePassword encryptAES genCA genCAWithKey genPrivateKey
        genSelfSignedCert genSelfSignedCertWithKey genSignedCert genSignedCertWithKey htpasswd randBytes sha1sum
        sha256sum sha512sum
        """

    private static let patterns = """
        mustRegexFind mustRegexFindAll mustRegexMatch mustRegexReplaceAll mustRegexReplaceAllLiteral mustRegexSplit
        regexFind regexFindAll regexMatch regexQuoteMeta regexReplaceAll regexReplaceAllLiteral regexSplit
        """

    private static let others = "fail getHostByName semver semverCompare urlJoin urlParse uuidv4"
}
