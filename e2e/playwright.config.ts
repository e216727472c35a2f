import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'

const debian = '/usr/bin/chromium'
const chromium = process.env.CHROMIUM_PATH ?? (existsSync(debian) ? debian : undefined)

export default defineConfig({
  testDir: 'journeys',
  outputDir: 'results',
  reporter: [['list']],
  fullyParallel: true,
  workers: 2,
  // Two browsers and four servers on two busy cores are sometimes too slow. A test that passes only
  // on its second run is listed as flaky and must be fixed.
  retries: 1,
  // Long enough for a slow machine under load. A passing test never waits for it.
  timeout: 240_000,
  expect: { timeout: 40_000 },
  use: {
    viewport: { width: 1280, height: 800 },
    // Each transition is time in which nothing is tested.
    contextOptions: { reducedMotion: 'reduce' },
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(chromium === undefined ? {} : { executablePath: chromium }),
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
})
