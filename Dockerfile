# Rowan in a container: built with Swift's own image, run as nobody in particular, with nothing to
# write to. See Docs/Operations.md, "Containers".

FROM swift:6.2-bookworm AS build
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends libpq-dev libssl-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /rowan
COPY Package.swift ./
COPY Sources Sources
COPY Tests Tests
RUN swift build -c release --static-swift-stdlib --product rowan

FROM debian:bookworm-slim
# msmtp hands mail on to a relay; the worker calls it as `sendmail`.
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends ca-certificates libpq5 libssl3 msmtp \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 10001 rowan \
    && useradd --system --uid 10001 --gid rowan --home-dir /nonexistent \
        --shell /usr/sbin/nologin rowan \
    && install --directory --owner rowan --group rowan --mode 700 /checkpoints
COPY --from=build /rowan/.build/release/rowan /usr/local/bin/rowan
COPY Migrations /usr/local/share/rowan/Migrations
ENV ROWAN_MIGRATIONS=/usr/local/share/rowan/Migrations
USER 10001:10001
WORKDIR /
ENTRYPOINT ["/usr/local/bin/rowan"]
CMD ["serve"]
