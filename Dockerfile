FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The compiler needs no install script, and the image's own Node runs it.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build

FROM node:24-slim AS production
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM node:24-slim
WORKDIR /app
ENV NODE_ENV=production TRACKDROP_DATA=/data
# Memory that is free again goes back to the system sooner: the daemon idles most of the day.
ENV MALLOC_ARENA_MAX=2 MALLOC_TRIM_THRESHOLD_=131072
COPY --from=production /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
COPY config/profiles ./config/profiles
# A fresh volume starts as this. `run` never makes an inbox, so that a wrong mount is seen.
RUN mkdir -p /data/inbox /data/working /data/processed /data/failed /app/compiled && chown -R node:node /data /app/compiled
USER node
# What Node makes of the sources is kept, for this user: else each start, and each look of the health check, does it anew.
ENV NODE_COMPILE_CACHE=/app/compiled
RUN node --input-type=module --eval "await import('/app/dist/commands/run.js'); await import('/app/dist/commands/status.js')"
VOLUME /data
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD node /app/dist/main.js status --health || exit 1
# Without a shell in between, so that signals reach the program, which handles them itself as PID 1.
# A small young generation keeps a daemon that idles most of the day below 110 MB.
ENTRYPOINT ["node", "--max-semi-space-size=2", "/app/dist/main.js"]
CMD ["run"]
