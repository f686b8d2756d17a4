# An image with the static binary of `make build`, and nothing else. docs/operate/install.md shows how to build and run it.
FROM scratch

LABEL org.opencontainers.image.title="Keystead" \
      org.opencontainers.image.description="A self-hosted server for API keys" \
      org.opencontainers.image.licenses="Apache-2.0"

# The folder is empty. It belongs to the user of the server, and so does a new volume that is mounted there.
COPY --chown=65532:65532 deploy/container/data /data
COPY target/release/keystead /bin/keystead

# A number, so that Kubernetes can see that it is not root.
USER 65532:65532
ENV PATH=/bin KEYSTEAD_LISTEN=0.0.0.0:3000 KEYSTEAD_DATA_DIR=/data
EXPOSE 3000
VOLUME /data
# It may take a while until a large database is in memory.
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 CMD ["keystead", "healthcheck"]

ENTRYPOINT ["keystead"]
CMD ["serve"]
