import EventLoop
import FoundationEssentials
import HTTP
import Postgres

/// Answers requests: one request, one caller, one transaction. One for each loop.
package final class API {
    private let router: Router
    private let pool: Pool
    private let credentials: Credentials
    private let intake: IntakeDoor
    private let signing: SigningDoor
    private let proxies: Proxies
    private let clientLimits: ClientLimits
    private let accountLimits: AccountLimits
    private let figures: Figures
    private let service: ServiceParts
    private let measures: MeasureShard
    private let log: Log
    private let health: Health
    private let loop: EventLoop
    private let walls: Walls
    private let requestMilliseconds: Int
    private let acceptsPlainHTTP: Bool

    /// The words of every area for its rules: what one does may break a rule of another.
    private let conflicts: [String: String]

    package init(_ configuration: ServiceConfiguration, _ areas: [Area] = areas, on loop: EventLoop)
    {
        router = Router(areas)
        conflicts = areas.reduce(into: [:]) { $0.merge($1.conflicts) { first, _ in first } }
        pool = Pool(configuration.pool, loop: loop)
        credentials = Credentials(
            pool: pool, loop: loop, uses: SessionUses(configuration.pool, on: loop))
        intake = IntakeDoor(pool: pool, loop: loop, limits: configuration.intakeLimits)
        signing = SigningDoor(pool: pool, loop: loop, limits: configuration.signingLimits)
        (proxies, clientLimits) = (configuration.proxies, configuration.clientLimits)
        accountLimits = configuration.accountLimits
        figures = configuration.measures.figures
        figures.add(0, to: .accountsSlowed)
        service = ServiceParts(
            keys: configuration.keys, passwords: configuration.passwords,
            misuse: configuration.misuse,
            guesses: configuration.guesses, sessionLength: configuration.sessionLength,
            proxies: configuration.proxies, clientLimits: configuration.clientLimits,
            publicLimits: configuration.publicLimits,
            signingLimits: configuration.signingLimits, loop: loop,
            origins: Origins(configuration.origins),
            exports: configuration.exports, imports: configuration.imports,
            followers: Followers(configuration.following, pool: pool, loop: loop))
        measures = configuration.measures.shard(for: router.all.map(\.route.path))
        log = configuration.log
        health = Health(pool: pool, loop: loop, state: configuration.state)
        walls = configuration.walls
        requestMilliseconds = configuration.requestMilliseconds
        acceptsPlainHTTP = configuration.acceptsPlainHTTP
        self.loop = loop
    }

    /// What a worker serves with it.
    package var httpService: HTTP.Service {
        let refusing = Refusing(
            log: log, measures: measures, origins: service.origins, router: router)
        return HTTP.Service(bodyLimit: router.bodyIntake, refuse: refusing.answer) {
            await self.answer($0, on: $1)
        }
    }

    /// The journey of one request; see the README.
    package func answer(_ request: Request, on connection: HTTP.Connection) async {
        if await health.answers(request, on: connection) { return }
        let (id, start) = (RequestID(request), loop.now)
        var found: Router.Found?
        let outcome: Outcome
        do throws(Problem) {
            guard acceptsPlainHTTP || proxies.isPrivate(request, from: connection.peerAddress)
            else { throw Problem(.encryptionRequired) }
            if request.method == .options {
                let allow = try router.methods(at: request.path)
                outcome = service.origins.answer(request, id, allow: allow, on: connection)
            } else {
                let (route, values) = try router.find(request)
                found = route
                outcome = try await answer(request, on: connection, id, route, values)
            }
        } catch {
            outcome = refuse(error, request, connection, id, of: found?.route)
        }
        note(outcome, request, found, id, milliseconds: loop.now - start)
    }

    /// An attempt that met another one's work is made again, and one of which it is not known
    /// whether it was kept, when its key can tell: three times at most.
    private func answer(
        _ request: Request, on connection: HTTP.Connection, _ id: RequestID,
        _ found: Router.Found, _ values: PathValues
    ) async throws(Problem) -> Outcome {
        // From here, not from the first byte: a report that came slowly is still answered.
        let deadline = loop.now + requestMilliseconds
        var retry = Retry(hasKey: found.route.takesKey && request["idempotency-key"] != nil)
        while true {
            do {
                return try await attemptAnswer(request, on: connection, id, found, values, deadline)
            } catch let problem as Problem {
                throw problem
            } catch let error as PostgresError {
                if error.sqlState == "RW402" { credentials.forget(request) }
                // What of a file has been taken cannot be taken again.
                guard !connection.hasAnswered, connection.incoming == nil,
                    retry.isWorthwhile(after: error)
                else {
                    throw retry.isInDoubt
                        ? Problem(.outcomeUnknown) : problem(error, found.area, request, id)
                }
                await retry.pause()
            } catch is StreamEnd {
                return Outcome(status: .ok, isCut: true)
            } catch let fault as HTTP.Fault {
                connection.refuse(fault)
                return Outcome(status: fault.status, code: "\(fault.code)", isToldAlready: true)
            } catch {
                log.failure(error, id)
                throw Problem(.failed)
            }
        }
    }

    private func attemptAnswer(
        _ request: Request, on connection: HTTP.Connection, _ id: RequestID,
        _ found: Router.Found, _ values: PathValues, _ deadline: Int
    ) async throws -> Outcome {
        let route = found.route
        // Now: after the first wait the bytes of the request may be others.
        let asked = values.ids
        let admitted = try await admit(request, on: connection, to: route, asked, id, deadline)
        let priority: Priority = admitted == nil ? .spare : .ordinary
        // Before the body is read: a refusal that costs little leaves more for those who get in.
        if route.access == .writing { try pool.checkRoom(priority) }
        let transaction = Transaction(
            route.access, in: pool, context: admitted?.context(id), deadline: deadline,
            priority: priority)
        if route.needsStepUp { StepUp.required(in: transaction) }
        var call = Call(
            request: request, connection: connection, requestID: id, route: route,
            transaction: transaction, service: service, admitted: admitted?.reach,
            intake: admitted?.intake, signer: admitted?.signer, limit: admitted?.limit,
            pathValues: values, query: QueryReader(request.query))
        do {
            if route.takesKey, connection.incoming == nil,
                let key = try IdempotencyKey(request, to: route)
            {
                let incident = route.opensAnIncident ? asked.first : nil
                if let kept = try await key.claim(opening: incident, in: transaction) {
                    try await transaction.commit()
                    return call.replay(kept)
                }
                call.key = key
            }
            return try await route.answer(&call)
        } catch {
            // Whoever is told what is wrong with their request must still be who they were. (Each
            // part of a file was taken from whom they are.)
            let transaction = call.transaction
            if admitted != nil, !transaction.isBegun, connection.incoming == nil {
                try await transaction.run("select 1")
            }
            await transaction.rollBack()
            if let problem = error as? Problem, case .caller(let token, let reach, _)? = admitted {
                await note(problem, of: route, asked, token, reach.caller, id, deadline)
            }
            throw error
        }
    }

    /// Puts a refusal on record. That it cannot be, alters nothing for who was refused.
    private func note(
        _ problem: Problem, of route: Route, _ asked: [UUID], _ token: BearerToken,
        _ caller: Caller, _ id: RequestID, _ deadline: Int
    ) async {
        let isRefusal = problem.code == .forbidden || problem.code == .notFound
        guard isRefusal, service.misuse.counts(caller.account, at: loop.now) else { return }
        let transaction = Transaction(
            .writing, in: pool, context: Admitted.context(token, caller, id),
            deadline: deadline, priority: .ordinary)
        do {
            try await Misuse.record(route.operationID, asked, in: transaction)
        } catch {
            log.failure(error, id)
        }
    }

    /// Whom a route admits, it admits as far as their seats reach, or their key; nobody else comes
    /// any further.
    private func admit(
        _ request: Request, on connection: HTTP.Connection, to route: Route,
        _ asked: [UUID], _ id: RequestID, _ deadline: Int
    ) async throws -> Admitted? {
        guard let admissions = route.admissions else { return nil }
        guard let token = BearerToken(request), token.user == nil || route.takesBasic else {
            throw Problem(.unauthorized)
        }
        let peer = proxies.client(of: request, from: connection.peerAddress)
        switch route.credential {
        case .intakeKey:
            return .intake(
                token, try await intake.admit(token, from: peer, deadline: deadline))
        case .signingLink:
            return .signer(
                token, try await signing.admit(token, from: peer, deadline: deadline))
        case .session: break
        }
        // A seat that was given a moment ago must open as quickly as one that was taken shuts.
        for isFresh in [false, true] {
            var caller = try await credentials.caller(
                of: token, isFresh: isFresh, deadline: deadline)
            caller.opensFirstWall = walls.contains(.firstOpen)
            caller.opensSecondWall = walls.contains(.secondOpen)
            let isHeldUp =
                caller.outstanding.first.map { !route.opensDespite.contains($0) } ?? false
            let limit = isFresh ? nil : try count(caller, asking: route)
            let reach =
                caller.scopes == nil
                ? Reach(of: caller, through: admissions) : Reach(ofClient: caller, through: route)
            if !isHeldUp, let reach {
                credentials.wasUsed(token)
                return .caller(token, reach, limit)
            }
            guard isFresh else { continue }
            if isHeldUp, let first = caller.outstanding.first { throw Problem(first.refusal) }
            await note(Problem(.forbidden), of: route, asked, token, caller, id, deadline)
        }
        throw token.isOfAClient ? Problem(wanting: route.scopes.map(\.scope)) : Problem(.forbidden)
    }

    /// Counts a request of somebody who is known; what is left to a machine's client.
    private func count(_ caller: Caller, asking route: Route) throws(Problem) -> RateLimit? {
        guard caller.scopes == nil else { return try clientLimits.count(caller, at: loop.now) }
        let wait = accountLimits.count(caller.account, at: loop.now)
        guard wait > 0, route.isLimited else { return nil }
        figures.add(1, to: .accountsSlowed)
        var problem = Problem(.tooManyRequests)
        problem.retryAfter = wait
        throw problem
    }
}

// MARK: - What goes wrong

extension API {
    /// What PostgreSQL refused, in the words of its area; what nobody foresaw goes to the log.
    private func problem(
        _ error: PostgresError, _ area: Area, _ request: Request, _ id: RequestID
    ) -> Problem {
        if error.sqlState == "RW401" { credentials.forget(request) }
        if let problem = Problem(error, conflicts: conflicts) { return problem }
        log.failure(error, id)
        return Problem(.failed)
    }

    private func refuse(
        _ problem: Problem, _ request: Request, _ connection: HTTP.Connection, _ id: RequestID,
        of route: Route?
    ) -> Outcome {
        guard !connection.hasAnswered else {
            return Outcome(status: .ok, code: problem.code.rawValue, isCut: true)
        }
        connection.respond(
            problem.code.status, type: "application/problem+json",
            headers: { headers in
                headers.add("X-Request-Id", id.string)
                headers.add("Cache-Control", "no-store")
                service.origins.addHeaders(&headers, for: request)
                if let seconds = problem.retryAfter { headers.add("Retry-After", "\(seconds)") }
                if let limit = problem.rateLimit { headers.add(limit) }
                if let allow = problem.allow { headers.add("Allow", allow) }
                for challenge in problem.challenges(to: request, of: route) {
                    headers.add("WWW-Authenticate", challenge)
                }
            },
            body: { problem.write(to: &$0, about: request, route, requestID: id.string) })
        return Outcome(status: problem.code.status, code: problem.code.rawValue)
    }

    private func note(
        _ outcome: Outcome, _ request: Request, _ found: Router.Found?, _ id: RequestID,
        milliseconds: Int
    ) {
        guard !outcome.isToldAlready else { return }
        measures.count(route: found?.number, outcome.status.code, milliseconds)
        log.request(
            request.method, found?.route.path, outcome, milliseconds, id)
    }
}
