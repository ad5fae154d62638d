import Glibc

/// The user as whom PostgreSQL runs. It refuses to be root, so root lends it another.
struct ServerUser {
    let name: String
    let id: uid_t
    let group: gid_t

    /// Ourselves, unless we are root: then `postgres`, which Debian's package makes, or `nobody`.
    static func find() throws -> ServerUser {
        guard getuid() == 0 else {
            return ServerUser(name: "its owner", id: getuid(), group: getgid())
        }
        for name in ["postgres", "nobody"] {
            if let entry = getpwnam(name)?.pointee {
                return ServerUser(name: name, id: entry.pw_uid, group: entry.pw_gid)
            }
        }
        throw LocalError("PostgreSQL cannot run as root, and there is no user postgres or nobody")
    }

    /// Puts `setpriv` before a command, which becomes this user and is sent a signal should the
    /// parent die without having stopped it. It starts in `/`, because it may not be able to enter
    /// the folder that we are in.
    func command(_ words: [String], onDeathOfParent signal: String) -> [String] {
        let user =
            getuid() == 0
            ? ["--reuid=\(id)", "--regid=\(group)", "--clear-groups", "--inh-caps=-all"] : []
        return ["env", "--chdir=/", "setpriv", "--pdeathsig", signal] + user + ["--"] + words
    }
}
