/** The browser and system that a User-Agent header claims. */
export interface UserAgent {
  /** The browser, such as “Firefox”; null if the header names none that we know. */
  readonly browser: string | null
  /** The system, such as “Windows”; null if the header names none that we know. */
  readonly system: string | null
  readonly mobile: boolean
}

type Names = readonly (readonly [RegExp, string])[]

// The first match counts, because most browsers also name browsers further down.
const browsers: Names = [
  [/\bEdg(e|A|iOS)?\b/, 'Microsoft Edge'],
  [/\b(OPR|Opera|OPiOS)\b/, 'Opera'],
  [/\bVivaldi\b/, 'Vivaldi'],
  [/\bSamsungBrowser\b/, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\b/, 'Firefox'],
  [/\b(Headless)?(Chrome|Chromium|CriOS)\b/, 'Chrome'],
  [/\bSafari\b/, 'Safari'],
  [/\bcurl\b/i, 'curl'],
  [/\bpython\b/i, 'Python'],
  [/\b(node|undici|axios)\b/i, 'Node.js'],
]

const systems: Names = [
  [/\b(iPhone|iPad|iPod)\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\b(Macintosh|Mac OS X)\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
]

const nameIn = (names: Names, text: string): string | null =>
  names.find(([pattern]) => pattern.test(text))?.[1] ?? null

/**
 * Reads a User-Agent header. Returns only names from our lists, never words of the header, because
 * its sender can write anything into it.
 */
export const readUserAgent = (header: string): UserAgent => {
  const text = header.slice(0, 500)
  return {
    browser: nameIn(browsers, text),
    system: nameIn(systems, text),
    mobile: /\b(Mobile|Android|iPhone|iPad|iPod)\b/.test(text),
  }
}
