# Two stages: Debian bookworm with the build's packages, then the two programs
# with what they need to run.
FROM debian:bookworm-slim AS build
WORKDIR /src
COPY scripts/install-deps scripts/install-deps
RUN scripts/install-deps build
COPY . .
RUN cmake --preset release -DLOGBOOM_TESTS=OFF \
 && cmake --build --preset release --target logboomd logboom \
 && strip build/release/logboomd build/release/logboom

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      libgrpc++1.51 libgrpc29 libprotobuf32 libabsl20220623 libyaml-cpp0.7 libxxhash0 tzdata \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /var/lib/logboom --create-home logboom
COPY --from=build /src/build/release/logboomd /src/build/release/logboom /usr/local/bin/
# All interfaces inside the container, the journal in the volume, everything else
# as by default.
RUN mkdir /etc/logboom && printf '%s\n' \
      'listen: {grpc: "0.0.0.0:4317", tcp: "0.0.0.0:9020"}' \
      'journal: {path: /var/lib/logboom/journal}' > /etc/logboom/logboomd.yaml
USER logboom
VOLUME /var/lib/logboom
EXPOSE 4317 9020
HEALTHCHECK --interval=5s --timeout=3s --start-period=5s CMD ["logboom", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["logboomd"]
CMD ["--config", "/etc/logboom/logboomd.yaml"]
