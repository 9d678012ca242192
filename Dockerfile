# One image for hub, consumers and the migration; docker-compose.yml says which it is.
FROM node:22-bookworm-slim

# Slips in other scripts than the printer's own are drawn with these.
RUN apt-get update \
  && apt-get install -y --no-install-recommends fontconfig fonts-noto-core fonts-noto-cjk \
  && rm -rf /var/lib/apt/lists/*

WORKDIR /comanda
COPY package.json package-lock.json .npmrc ./
COPY consumers/printing/escpos-absent consumers/printing/escpos-absent
RUN npm ci --omit=dev

COPY . .
RUN npm run build

USER node
ENV NODE_ENV=production
# As scripts/start/child.ts has it, with the flags of CMD that NODE_OPTIONS does not take.
ENV NODE_OPTIONS=--max-semi-space-size=64
EXPOSE 8080
CMD ["node", "--no-allocation-site-pretenuring", "--heap-growing-percent=100", "hub/main.ts"]
