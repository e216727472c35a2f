// The first that is found counts: most browsers name those before them as well.
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(e|A|iOS)?\b/, 'Microsoft Edge'],
  [/\b(OPR|Opera|OPiOS)\b/, 'Opera'],
  [/\bVivaldi\b/, 'Vivaldi'],
  [/\bSamsungBrowser\b/, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\b/, 'Firefox'],
  [/\b(Headless)?(Chrome|Chromium|CriOS)\b/, 'Chrome'],
  [/\bSafari\b/, 'Safari'],
  [/\bcurl\b/i, 'curl'],
  [/\bpython\b/i, 'a Python program'],
  [/\b(node|undici|axios)\b/i, 'a Node.js program'],
]

const systems: readonly (readonly [RegExp, string])[] = [
  [/\b(iPhone|iPad|iPod)\b/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\b(Macintosh|Mac OS X)\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
]

const nameIn = (
  names: readonly (readonly [RegExp, string])[],
  userAgent: string,
): string | undefined => names.find(([pattern]) => pattern.test(userAgent))?.[1]

/**
 * A User-Agent header in words of ours, such as “Firefox on Windows”. Never in its own: whoever
 * asks for a mail to someone would write into it what they like, under the name of this site.
 */
export const browserWordsOf = (userAgent: string): string => {
  const browser = nameIn(browsers, userAgent) ?? 'a browser or program we don’t know'
  const system = nameIn(systems, userAgent)
  return system === undefined ? browser : `${browser} on ${system}`
}
