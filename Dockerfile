# See docs/operating/packages.md.

FROM node:24-bookworm AS build
WORKDIR /source
COPY . .
RUN npm run package

FROM node:24-bookworm-slim
# The container can write only to /data, and to /tmp.
RUN install -d -o node -g node -m 700 /data
COPY --from=build /source/dist/rekey /srv/rekey
WORKDIR /srv/rekey
USER node
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 DATA_DIR=/data
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then(answer => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server/dist/main.js"]
