public import Tracker

extension Draft {
    /// Checks all bootenvs again, because the files below `tftpboot` are not what they were.
    public mutating func recheckBootEnvs() {
        guard let table = view["bootenvs"] else { return }
        for (key, _) in table.objects { recheck(ObjectID("bootenvs", key)) }
    }
}
